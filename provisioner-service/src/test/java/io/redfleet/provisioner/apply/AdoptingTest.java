package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.plan.OwnAction;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import org.junit.jupiter.api.Test;

/** What adopt.sh is given. */
class AdoptingTest {
    private static final String CONFIG = "/srv/orders/redis.conf";

    @Test
    void itIsToldWhichEngineItLinksBeforeALogThatThereMayNotBe() {
        assertThat(Adopting.arguments(adopt(OwnSpecs.spec("full"), "/srv/orders/my.log")))
                .containsExactly(
                        "/base/bin",
                        "/base/orders/redis-server",
                        "mark",
                        "/usr/bin/program",
                        "redis",
                        CONFIG,
                        "/srv/orders/my.pid",
                        "/srv/orders/db",
                        "7",
                        "6379",
                        "redis",
                        "/srv/orders/my.log",
                        "");
        assertThat(Adopting.arguments(adopt(OwnSpecs.valkey(), ""))).hasSize(13).endsWith("6379", "valkey", "", "");
    }

    @Test
    void andTheUnitThatItRunsUnderLast() {
        assertThat(Adopting.arguments(adopt(OwnSpecs.underUnits(), "")))
                .hasSize(13)
                .endsWith("", "redis-server.service");
    }

    private static OwnAction adopt(ClusterSpec spec, String log) {
        return new OwnAction.Adopt(
                Place.of(spec, new InstanceId("r1/redis-server"), Login.NONE),
                "/base",
                "/base/orders/redis-server",
                "mark",
                "/usr/bin/program",
                new OwnPlace(CONFIG),
                "/srv/orders/my.pid",
                "/srv/orders/db",
                log,
                7);
    }
}
