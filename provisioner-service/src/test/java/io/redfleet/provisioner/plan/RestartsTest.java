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

    /** What lies on a host already would be started on what a later Redis has stored, by whoever comes first. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"present, false", "packages, true", "archive, true", "source, true"})
    void theWayBackIsForWhatComesToAHostInATurn(String install, boolean back) {
        RedisSpec redis = new RedisSpec("redis", "8.0.2", install, Map.of());
        assertThat(new Restarts.Needed("").back(redis)).isEqualTo(back);
        assertThat(new Restarts.All(Duration.ZERO, "").back(redis)).isFalse();
        assertThat(Restarts.none().back(redis)).isFalse();
    }
}
