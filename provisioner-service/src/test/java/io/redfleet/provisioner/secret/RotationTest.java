package io.redfleet.provisioner.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each order comes to at each stage, and that no record on the way lacks a password that a host may still ask for. */
class RotationTest {
    private static final SealedSecret OLD = new SealedSecret(
            new ClusterName("orders"), new ClusterUid("u"), Purpose.APPLICATION, Instant.EPOCH, copies("old"));
    private static final NextSecret NEW = new NextSecret(Stage.ADDING, Instant.EPOCH.plusSeconds(9), copies("new"));

    /** The stage that stands, whether the old one is to go, the stage of the record by which hosts work, or why not. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONE     | false | ADDING
            NONE     | true  | there is nothing to finish
            ADDING   | false | ADDING
            ADDING   | true  | rotate once more without finish first
            BOTH     | false | and both are taken: finish that first
            BOTH     | true  | REMOVING
            REMOVING | false | the old password of application is being removed: finish that first
            REMOVING | true  | REMOVING
            """)
    void anOrderComesTo(String stands, boolean finish, String comesTo) {
        switch (Rotation.ordered(standing(stands), finish, () -> NEW)) {
            case Rotation.No no -> assertThat(no.reason()).contains(comesTo);
            case Rotation.Work work -> {
                assertThat(stage(work.record())).isEqualTo(comesTo).isEqualTo("" + Rotation.stage(finish));
                assertThat(work.record().copies()).isEqualTo(OLD.copies());
                assertThat(work.record().succeeded().copies()).isEqualTo(NEW.copies());
            }
        }
    }

    @Test
    void aNewOneIsMadeForNoOrderButTheFirst() {
        List<NextSecret> made = new ArrayList<>();
        for (String stands : List.of("NONE", "ADDING", "BOTH", "REMOVING")) {
            for (boolean finish : new boolean[] {false, true}) {
                Rotation.Ordered ordered = Rotation.ordered(standing(stands), finish, () -> {
                    made.add(NEW);
                    return NEW;
                });
                assertThat(ordered).isNotNull();
            }
        }
        assertThat(made).hasSize(1);
    }

    /** The stage that stands, the one that the hosts have done, the next one; empty: the record stays. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            NONE     | ADDING   |
            NONE     | REMOVING |
            ADDING   | ADDING   | BOTH
            ADDING   | REMOVING |
            BOTH     | ADDING   |
            BOTH     | BOTH     |
            BOTH     | REMOVING |
            REMOVING | ADDING   |
            REMOVING | REMOVING | NONE
            """)
    void theRecordMovesOnByWhatItSaysItselfAlone(String stands, Stage worked, @Nullable String next) {
        Optional<SealedSecret> moved = Rotation.done(standing(stands), worked);
        assertThat(moved.map(RotationTest::stage)).isEqualTo(Optional.ofNullable(next));
        moved.filter(record -> record.next() != null)
                .ifPresent(record -> assertThat(record.copies()).isEqualTo(OLD.copies()));
        moved.filter(record -> record.next() == null).ifPresent(record -> {
            assertThat(record.copies()).isEqualTo(NEW.copies());
            assertThat(record.since()).isEqualTo(NEW.since());
            assertThat(record.key()).isEqualTo(OLD.key());
        });
    }

    private static SealedSecret standing(String stage) {
        return stage.equals("NONE") ? OLD : OLD.beside(NEW.in(Stage.valueOf(stage)));
    }

    private static String stage(SealedSecret record) {
        NextSecret next = record.next();
        return next == null ? "NONE" : next.stage().name();
    }

    private static Map<ServiceName, Sealed> copies(String text) {
        return Map.of(ServiceName.PROVISIONER, new Sealed("plain", "", text));
    }
}
