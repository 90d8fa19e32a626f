package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.Actor;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElsewhereTest {
    private static final Instant AT = Instant.parse("2026-11-01T10:00:00Z");
    private static final Actor ANN = new Actor("ann", "tok-1");

    @Test
    void bothCountsOfTheBrakeMoveOnAndWhatItHoldsStays() throws Exception {
        LabelBrakes labelled =
                new LabelBrakes(7, List.of(new LabelBrake(new Label("team=checkout"), "rack 4", ANN, AT)));
        FleetBrake brake = new FleetBrake(1, true, "night work", ANN, AT, 4, labelled);

        FleetBrake moved = Codec.read(Elsewhere.told(kept(Codec.bytes(brake))).bytes(), FleetBrake.class);

        assertThat(moved.count()).isEqualTo(4 + Elsewhere.AHEAD);
        assertThat(moved.labelled()).isEqualTo(new LabelBrakes(7 + Elsewhere.AHEAD, labelled.brakes()));
        assertThat(moved.disarmed()).isTrue();
    }

    @Test
    void aBrakeThatCannotBeReadStaysAsItIs() {
        KeptRecord broken = kept("{\"schema\":2}".getBytes(UTF_8));

        assertThat(Elsewhere.told(broken)).isEqualTo(broken);
    }

    private static KeptRecord kept(byte[] value) {
        return new KeptRecord("_fleet", List.of(), Base64.getEncoder().encodeToString(value));
    }
}
