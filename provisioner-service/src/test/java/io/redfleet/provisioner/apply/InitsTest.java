package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a script is told is what its first lines say that it takes; InitScriptsTest and UnitScriptsTest run them so. */
class InitsTest {
    private static final String DIRECTORY = "/var/lib/redfleet/orders/redis-server";
    private static final String SCRIPT = "/etc/init.d/redfleet-orders-redis-server";
    private static final String GUARD = "/etc/redfleet/guards/redfleet-orders-redis-server.guard";
    private static final String UNIT = "/etc/systemd/system/redfleet-orders-redis-server.service";

    @Test
    void anInitScriptIsWrittenUsedAndTakenAway() {
        Place place = place("sysv", "redis-server");
        assertThat(Inits.write(new Action.Unit(place, SCRIPT, "text", "mark", true)))
                .isEqualTo(new Inits.Call("init-script", List.of("write", SCRIPT, "mark", "yes")));
        assertThat(Inits.start(new Action.Start(place, "/base", DIRECTORY, Duration.ofSeconds(30))))
                .isEqualTo(new Inits.Call("init-start", List.of(SCRIPT, DIRECTORY, "10.0.0.11", "6379", "30", GUARD)));
        assertThat(Inits.stop(new Action.Stop(place, DIRECTORY, true, false, Duration.ofSeconds(20))))
                .isEqualTo(new Inits.Call("init-stop", List.of(SCRIPT, DIRECTORY, "mark", "20", "term")));
        assertThat(Inits.end(new Action.EndUnit(place, SCRIPT, "mark")))
                .isEqualTo(new Inits.Call("init-script", List.of("gone", SCRIPT, "mark", GUARD, DIRECTORY)));
    }

    @Test
    void aSentinelHasNoGuard() {
        Place place = place("sysv", "redis-sentinel");
        assertThat(Inits.start(new Action.Start(place, "/base", "/a", Duration.ofSeconds(30)))
                        .arguments())
                .last()
                .isEqualTo("");
    }

    @Test
    void aUnitIsToldToSystemd() {
        Place place = place("systemd", "redis-server");
        assertThat(Inits.write(new Action.Unit(place, UNIT, "text", "mark", false)))
                .isEqualTo(new Inits.Call("unit", List.of(UNIT, "mark", "no")));
        assertThat(Inits.start(new Action.Start(place, "/base", DIRECTORY, Duration.ofSeconds(30))))
                .isEqualTo(new Inits.Call("unit-start", List.of(UNIT, DIRECTORY, "10.0.0.11", "6379", "30")));
        assertThat(Inits.stop(new Action.Stop(place, DIRECTORY, false, true, Duration.ofSeconds(20))))
                .isEqualTo(new Inits.Call("unit-stop", List.of(UNIT, DIRECTORY, "plain", "20", "kill")));
        assertThat(Inits.end(new Action.EndUnit(place, UNIT, "mark")))
                .isEqualTo(new Inits.Call("unit-gone", List.of(UNIT, "mark")));
    }

    @Test
    void ofSomebodyElsesUnitTheDropInIsWrittenAndTakenAwayAndItsBootIsLeft() {
        Place place = Place.of(OwnSpecs.underUnits(), new InstanceId("r1/redis-server"), Login.NONE);
        String file = "/etc/systemd/system/redis-server.service.d/redfleet.conf";
        assertThat(Inits.write(new Action.Unit(place, file, "text", "mark", true)))
                .isEqualTo(new Inits.Call("unit", List.of(file, "mark", "kept")));
        assertThat(Inits.start(new Action.Start(place, "/base", DIRECTORY, Duration.ofSeconds(30))))
                .isEqualTo(new Inits.Call("unit-start", List.of(file, DIRECTORY, "10.0.0.11", "6379", "30")));
        assertThat(Inits.stop(new Action.Stop(place, DIRECTORY, false, false, Duration.ofSeconds(20))))
                .isEqualTo(new Inits.Call("unit-stop", List.of(file, DIRECTORY, "plain", "20", "term")));
        assertThat(Inits.end(new Action.EndUnit(place, file, "mark")))
                .isEqualTo(new Inits.Call("unit-let-go", List.of(file, "mark")));
    }

    private static Place place(String service, String instance) {
        Map<String, Object> spec = Map.of(
                "hosts",
                List.of(Map.of("name", "r1", "address", "10.0.0.11")),
                "service",
                service,
                "sentinel",
                Map.of("allowWeakQuorum", true));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        return Place.of(read, new InstanceId("r1/" + instance), Login.NONE);
    }
}
