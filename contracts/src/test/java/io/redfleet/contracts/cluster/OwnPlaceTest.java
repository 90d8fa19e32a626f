package io.redfleet.contracts.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names of units are those of a service that somebody else may have. */
class OwnPlaceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis-server.service",
                "redis-sentinel.service",
                "redis.service",
                "redis-server@main.service",
                "redis@6380.service",
                "redis@a:b_c.d.service",
                "valkey_1.2:x.service"
            })
    void aServiceIsNamedAsSystemdNamesIt(String name) {
        assertThat(OwnPlace.isUnit(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".service",
                "redis-server",
                "redis.socket",
                "redis.service.d",
                "redis@.service",
                "redis@a@b.service",
                "-redis.service",
                ".redis.service",
                "_redis.service",
                "@a.service",
                "redis\\x2dserver.service",
                "a/b.service",
                "../x.service",
                "redis server.service",
                "redis;reboot.service",
                "redis$(id).service",
                "redis\n.service",
                "redis.service\n",
                "redis%i.service",
                "r\u00e9dis.service",
                "redfleet-orders-redis-server.service"
            })
    void nothingElseIs(String name) {
        assertThat(OwnPlace.isUnit(name)).isFalse();
    }

    @Test
    void itsDropInsHaveADirectoryOfThatName() {
        String most = "r".repeat(242) + ".service";
        assertThat(OwnPlace.isUnit(most)).isTrue();
        assertThat(OwnPlace.isUnit("r" + most)).isFalse();
    }
}
