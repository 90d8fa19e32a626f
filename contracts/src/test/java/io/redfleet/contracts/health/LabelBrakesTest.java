package io.redfleet.contracts.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelBrakesTest {
    private static final LabelBrake CHECKOUT = brake("team=checkout");
    private static final LabelBrake PROD = brake("env=prod");

    @Test
    void theyLieInTheOrderOfTheirLabelsHoweverTheyWerePutOn() {
        assertThat(new LabelBrakes(2, List.of(CHECKOUT, PROD))).isEqualTo(new LabelBrakes(2, List.of(PROD, CHECKOUT)));
    }

    @Test
    void oneOfALabelAndOthersStay() {
        LabelBrake again = new LabelBrake(new Label("team=checkout"), "again", new Actor("bob", "t2"), Instant.EPOCH);
        LabelBrakes both = LabelBrakes.NONE.with(CHECKOUT, 1).with(PROD, 2);

        assertThat(both.with(again, 3)).isEqualTo(new LabelBrakes(3, List.of(PROD, again)));
        assertThat(both.without(new Label("team=checkout"), 3)).isEqualTo(new LabelBrakes(3, List.of(PROD)));
        assertThat(both.of(new Label("team=checkout"))).contains(CHECKOUT);
        assertThat(both.of(new Label("team=search"))).isEmpty();
    }

    @Test
    void theyHoldAClusterThatBearsOneOfTheirLabels() {
        LabelBrakes both = new LabelBrakes(2, List.of(CHECKOUT, PROD));

        assertThat(both.holding(Map.of("team", "checkout", "env", "test"))).contains(CHECKOUT);
        assertThat(both.holding(Map.of("team", "checkout", "env", "prod"))).contains(PROD);
        assertThat(both.holding(Map.of("team", "search"))).isEmpty();
        assertThat(both.holding(Map.of())).isEmpty();
    }

    @Test
    void itsWordsNameTheLabelWhoAndSinceWhen() {
        assertThat(CHECKOUT.words())
                .isEqualTo("the label team=checkout is disarmed by ann since 2026-11-01T10:00:00Z: rack 4");
    }

    private static LabelBrake brake(String label) {
        return new LabelBrake(
                new Label(label), "rack 4", new Actor("ann", "t1"), Instant.parse("2026-11-01T10:00:00.123Z"));
    }
}
