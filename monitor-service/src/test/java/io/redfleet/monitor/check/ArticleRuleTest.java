package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitor.check.ArticleRule.GiveUp;
import io.redfleet.monitor.check.ArticleRule.Outcome;
import io.redfleet.monitor.check.ArticleRule.Restart;
import io.redfleet.monitor.check.ArticleRule.Well;
import io.redfleet.monitor.check.ArticleRule.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArticleRuleTest {
    /** F: a cycle that finds it failing, .: one that finds it well. R: a restart, -: nothing, X: given up. */
    @ParameterizedTest(name = "{0} gives {1}")
    @CsvSource({
        "F, R",
        "F..F, R--R",
        "FFFFF, RRRRR",
        // Judged before the test and one cycle late: the sixth cycle gives up, whatever it would find.
        "FFFFFF, RRRRRX",
        "FFFFF., RRRRRX",
        // One clean cycle inside the window is enough to prevent it.
        "FF.FFFF, RR-RRRR",
        "FFFF..FFF.., RRRR--RRR--",
        // After five judged cycles the window closes and a new one opens with the next restart.
        "F.....FFFFFF, R-----RRRRRX",
    })
    void cyclesAreJudgedByATumblingWindow(String cycles, String expected) {
        StringBuilder said = new StringBuilder();
        Window window = Window.CLEAN;
        for (int i = 0; i < cycles.length(); i++) {
            Outcome outcome = ArticleRule.cycle(window, cycles.charAt(i) == 'F');
            window = outcome.next();
            said.append(
                    switch (outcome) {
                        case Restart r -> 'R';
                        case Well w -> '-';
                        case GiveUp g -> 'X';
                    });
        }
        assertThat(said.toString()).isEqualTo(expected);
    }

    @Test
    void aHeldBackCycleLeavesTheWindowAsItWas() {
        Window window = new Window(3, 2, true);
        Outcome due = ArticleRule.cycle(window, true);

        assertThat(due).isInstanceOf(Restart.class);
        assertThat(ArticleRule.cycle(window, true)).isEqualTo(due);
    }

    @Test
    void failureAndRecoveryAreToldOnce() {
        Restart first = (Restart) ArticleRule.cycle(Window.CLEAN, true);
        Restart second = (Restart) ArticleRule.cycle(first.next(), true);
        Well well = (Well) ArticleRule.cycle(second.next(), false);
        Well still = (Well) ArticleRule.cycle(well.next(), false);

        assertThat(first.fresh()).isTrue();
        assertThat(second.fresh()).isFalse();
        assertThat(well.recovered()).isTrue();
        assertThat(still.recovered()).isFalse();
    }
}
