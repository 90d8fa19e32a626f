package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.RedisSpec;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
    /** How Redis comes to the hosts, and whether restarts that a difference needs, and those of a roll, may bring another one. */
    @ParameterizedTest(name = "{0}: needed {1}, all {2}")
    @CsvSource({"present, true, true", "packages, true, true", "archive, true, false", "source, true, false"})
    void aRollLeavesTheLinksOfAnArchiveAsTheyAre(String install, boolean needed, boolean all) {
        RedisSpec redis = new RedisSpec("redis", "8.0.2", install, Map.of());
        assertThat(new Restarts.Needed("").moves(redis)).isEqualTo(needed);
        assertThat(new Restarts.All(Duration.ZERO, "").moves(redis)).isEqualTo(all);
    }
}
