package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Action.Until;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a wait of minutes is asked for again and again, and what ends it. */
class WaitingTest {
    private static final StepResult STILL = new StepResult.Changed("last=role:slave; waiting");

    /** Of each question what comes after the words that all have. */
    private final List<List<String>> asked = new ArrayList<>();

    private final List<Duration> deadlines = new ArrayList<>();

    @Test
    void itIsAskedAgainUntilItIsTrue() {
        StepResult result =
                waited(Until.LINKED, 900, Integer.MAX_VALUE, STILL, STILL, new StepResult.Changed("last=up; changed"));
        assertThat(result).isEqualTo(new StepResult.Changed("last=up; changed"));
        assertThat(asked).containsExactly(List.of("0", "15"), List.of("15", "15"), List.of("30", "15"));
        assertThat(deadlines).allMatch(deadline -> deadline.compareTo(Duration.ofSeconds(60)) <= 0);
    }

    @Test
    void whatFailsIsNotAskedAgain() {
        StepResult failed = new StepResult.Failed("r1: the connection was lost");
        assertThat(waited(Until.READY, 900, Integer.MAX_VALUE, failed)).isEqualTo(failed);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"READY", "LINKED", "REJOINED", "QUORUM", "WELL"})
    void whoeverCancelsWaitsForOneAnswer(Until until) {
        assertThat(waited(until, 900, 2, STILL, STILL, STILL))
                .isEqualTo(new StepResult.Left("cancelled while it was waited for; last=role:slave", false));
        assertThat(asked).hasSize(2);
    }

    @Test
    void whatIsTrueByThenIsTrueAlsoWhereItWasCancelled() {
        assertThat(waited(Until.LINKED, 900, 1, new StepResult.Unchanged("last=up; unchanged")))
                .isEqualTo(new StepResult.Unchanged("last=up; unchanged"));
    }

    @Test
    void aReplicaThatIsMadeTheMasterIsLeft() {
        StepResult overtaken = new StepResult.Changed("last=role:master; overtaken");
        assertThat(waited(Until.LINKED, 900, Integer.MAX_VALUE, STILL, overtaken))
                .isEqualTo(new StepResult.Left(
                        "Sentinel has made it the master meanwhile: planned anew; last=role:master", true));
    }

    /** One whose script did not see its own deadline. */
    @Test
    void nobodyIsAskedForEver() {
        StepResult result = waited(Until.QUORUM, 45, Integer.MAX_VALUE, STILL, STILL, STILL, STILL, STILL, STILL);
        assertThat(result).isInstanceOf(StepResult.Failed.class);
        assertThat(result.detail()).isEqualTo("not so after 45 s; last=role:slave");
        assertThat(asked).hasSize(4);
    }

    /** Sentinel takes its time; a master that stays one will not be in sync with anybody. */
    @Test
    void anOldMasterMayBeOneForAWhileAndNotForEver() {
        StepResult leads = new StepResult.Changed("last=role:master; waiting");
        StepResult up = new StepResult.Changed("last=role:slave master_link_status:up; changed");
        assertThat(waited(Until.REJOINED, 900, Integer.MAX_VALUE, leads, leads, leads, leads, leads, up))
                .isEqualTo(up);
        asked.clear();
        assertThat(waited(Until.REJOINED, 900, Integer.MAX_VALUE, leads, leads, STILL, leads, leads, leads, leads, up))
                .as("counted from when it was one again")
                .isEqualTo(up);
        asked.clear();
        assertThat(waited(Until.REJOINED, 900, Integer.MAX_VALUE, leads, leads, leads, leads, leads, leads))
                .isEqualTo(new StepResult.Failed(
                        "it has been a master for 90 s, and nobody makes it a replica; last=role:master"));
    }

    /** What goes by what it saw first, and what nobody cancels, is one question. */
    @ParameterizedTest
    @EnumSource(names = {"REPLICA", "LEVEL", "IDLE", "SETTLED"})
    void theOthersAreAskedForOnce(Until until) {
        StepResult failed = new StepResult.Failed("r1: not so");
        assertThat(waited(until, 900, 0, failed)).isEqualTo(failed);
        assertThat(asked).containsExactly(List.of());
        assertThat(deadlines).containsExactly(Duration.ofMinutes(15));
    }

    /** @param cancelledAfter so many questions */
    private StepResult waited(Until until, int seconds, int cancelledAfter, StepResult... answers) {
        ClusterSpec spec = Scripted.cluster().spec();
        Place place = Place.of(spec, spec.members().getFirst().id(), Login.NONE);
        Action.Await await = new Action.Await(place, until, "orders", 2, 3, Duration.ofSeconds(seconds));
        int common = Asking.await(await).size();
        List<StepResult> left = new ArrayList<>(Stream.of(answers).toList());
        return Waiting.of(await, () -> asked.size() >= cancelledAfter, (deadline, words) -> {
            deadlines.add(deadline);
            asked.add(words.subList(common, words.size()));
            return left.removeFirst();
        });
    }
}
