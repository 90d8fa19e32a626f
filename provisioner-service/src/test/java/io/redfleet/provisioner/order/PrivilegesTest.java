package io.redfleet.provisioner.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.recipe.Sudoers;
import org.junit.jupiter.api.Test;

/** What hosts have to allow, asked of the desk; and what is really run on them. */
class PrivilegesTest extends DeskGround {
    private int calls;

    @Test
    void itIsAnsweredAtOnceAndNoHostIsAsked() {
        accepted(apply("a"));
        runAll();
        onCall = () -> calls++;
        Outcome.Result answer = take(new Request.ShowSudoers());
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.body())
                                .contains("\"cluster\":\"orders\"", "\"needed\":false")
                                .contains("\"users\":[]", "needs no sudo"));
        assertThat(calls).isZero();
        assertThat(operations).isEmpty();
    }

    @Test
    void thereIsNoneOfAClusterThatIsNotThere() {
        assertThat(take(new Request.ShowSudoers()))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(404));
    }

    @Test
    void aClusterOfProcessesLivesAndEndsWithoutSudo() {
        accepted(apply("a"));
        runAll();
        asked(new Request.Run(REPLICA, Request.Verb.RESTART, ""));
        runAll();
        assertThat(hosts.runs()).isNotEmpty();
        assertThat(hosts.bySudo()).isEqualTo(Sudoers.of(cluster().spec()).runAs());
        accepted(new Request.Delete("orders", true));
        runAll();
        assertThat(hosts.bySudo()).isEmpty();
    }
}
