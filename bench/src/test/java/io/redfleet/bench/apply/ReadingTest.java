package io.redfleet.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Ansible and systemd print, read; and what is read, summed up. */
class ReadingTest {
    private static final String RECAP = """
            TASK [redis : Services] ********************************************************
            ok: [r1] => (item=redis-server)

            PLAY RECAP *********************************************************************
            r1                         : ok=9    changed=%d    unreachable=%d    failed=%d    skipped=1    rescued=0    ignored=0
            r2                         : ok=9    changed=2    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0
            """;

    @Test
    void whatARecapSaysOfAllHostsIsAddedUp() {
        assertThat(AnsibleSide.changes(RECAP.formatted(0, 0, 0), 2)).isEqualTo(2);
        assertThat(AnsibleSide.changes(RECAP.formatted(11, 0, 0), 2)).isEqualTo(13);
    }

    @Test
    void aRecapThatIsNotWholeIsNoAnswer() {
        assertThatThrownBy(() -> AnsibleSide.changes(RECAP.formatted(0, 1, 0), 2))
                .hasMessageContaining("failed");
        assertThatThrownBy(() -> AnsibleSide.changes(RECAP.formatted(0, 0, 1), 2))
                .hasMessageContaining("failed");
        assertThatThrownBy(() -> AnsibleSide.changes(RECAP.formatted(0, 0, 0), 3))
                .hasMessageContaining("not 3");
        assertThatThrownBy(() -> AnsibleSide.changes("", 3)).hasMessageContaining("recap of 0 hosts");
    }

    @Test
    void systemdsTimesAreRead() {
        assertThat(Trio.moment("Fri 2026-11-27 12:01:04.123456 UTC"))
                .isEqualTo(Instant.parse("2026-11-27T12:01:04.123456Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n/a", "Fri 2026-11-27 12:01:04 CET", "2026-11-27 12:01:04 UTC"})
    void whatIsNoTimeIsRefused(String shown) {
        assertThatThrownBy(() -> Trio.moment(shown)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anotherRunOfAUnitIsARestart() {
        assertThat(Trio.restarted(Map.of("h1 a", "x", "h2 a", "y"), Map.of("h1 a", "x", "h2 a", "z", "h3 a", "w")))
                .containsExactlyInAnyOrder("h2 a", "h3 a");
    }

    @Test
    void rolesAreTalliedByTheTimeThatTheyHeld() {
        RoleWatch.Tally tally = new RoleWatch.Tally();
        tally.add(1, 5_000_000);
        assertThat(tally).hasToString("no master for 0 ms, several masters for 0 ms");
        tally.add(2, 7_000_000);
        tally.add(0, 3_000_000);
        tally.add(2, 1_000_000);
        assertThat(tally).hasToString("no master for 3 ms, 2 masters for 8 ms");
    }

    @Test
    void bothMediansStandInOneLineWithTheirRatio() {
        Figures figures = new Figures();
        for (double ours : new double[] {4, 1, 2}) {
            figures.add("a, s", "we", ours);
        }
        figures.add("a, s", "they", 3);
        figures.add("a, s", "they", 6);
        figures.add("b, s", "they", 1);
        assertThat(figures.lines("we", "they"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("we 2.00 (1.00 to 4.00, n=3)", "they 4.50 (3.00 to 6.00, n=2)")
                                .endsWith("2.25 times ours"),
                        line -> assertThat(line).contains("we -").endsWith("no ratio"));
    }
}
