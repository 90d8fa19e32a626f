package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.provisioner.survey.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CutsTest {
    private static final List<String> CALLS = List.of("survey", "survey", "stop", "start", "start", "start", "keep");

    private final List<Integer> tried = new ArrayList<>();

    @Test
    void eachCallIsCutOnceUntilNoneIsLeft() {
        assertThat(Cuts.all(this::attempt)).isEqualTo(7);
        assertThat(tried).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void thoseThatTellMostAreCutAndTheRunIsSeenWhole() {
        assertThat(Cuts.some(this::attempt)).isEqualTo(7);
        assertThat(tried).containsExactly(Integer.MAX_VALUE, 0, 1, 2, 3, 5, 6);
    }

    @Test
    void someTellAlsoWhereAllAreAlike() {
        assertThat(Cuts.telling(List.of("survey"))).containsExactly(0);
        assertThat(Cuts.telling(Collections.nCopies(9, "survey"))).containsExactly(0, 2, 4, 6, 8);
    }

    @Test
    void aRunThatIsNotTheSameAgainIsNoProof() {
        assertThatThrownBy(() -> Cuts.some(call -> Optional.of(CALLS)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("call 0 of 7 is survey again");
    }

    @Test
    void whatACallIsAboutIsTheSameForEveryHost() {
        assertThat(about("/base/r1", "lease-1", "0", "keep")).isEqualTo("firewall keep");
        assertThat(about("/base/r2", "lease-22", "7", "keep")).isEqualTo("firewall keep");
    }

    private static String about(String... arguments) {
        return Cuts.about(new Script("firewall", "", List.of(arguments), Duration.ofSeconds(1)));
    }

    private Optional<List<String>> attempt(int call) {
        tried.add(call);
        return call < CALLS.size() ? Optional.empty() : Optional.of(CALLS);
    }
}
