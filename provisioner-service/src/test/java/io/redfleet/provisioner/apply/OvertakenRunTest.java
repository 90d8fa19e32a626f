package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A replica that is waited for, and Sentinel makes it the master; or a person does not want to wait any more. */
class OvertakenRunTest {
    private static final String R2 = "/base/r2/orders/redis-server";
    private static final String R3 = "/base/r3/orders/redis-server";

    private final ScriptedHosts hosts = new ScriptedHosts();
    private final ClusterState cluster = Scripted.cluster();
    private final ScriptedWork work = new ScriptedWork();
    private final RecordingLedger ledger = new RecordingLedger();
    /** Who was waited for until he is in sync, in order. */
    private final List<String> linked = new ArrayList<>();

    @Test
    void whatIsLeftIsPlannedAnewAndDoneInTheSameOperation() {
        standing();
        hosts.kill(R2);
        hosts.kill(R3);

        Ending ending = run(saying("last=role:master\novertaken", 1), () -> false);

        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(hosts.starts()).as("six at first, and two again").isEqualTo(8);
        assertThat(linked).containsExactly("r2", "r3");
        assertThat(ledger.last(OperationState.class).steps())
                .filteredOn(step -> step.status() == StepState.Status.SKIPPED)
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.id()).isEqualTo("r2/redis-server/linked");
                    assertThat(step.detail()).startsWith("Sentinel has made it the master meanwhile");
                });
        assertThat(ledger.events(OperationEvent.StepFailed.class)).isEmpty();
    }

    @Test
    void whereItNeverSettlesThatIsSaid() {
        standing();
        hosts.kill(R2);
        hosts.kill(R3);
        Hosts restless = new HostsSaying(hosts, (access, script) -> {
            if (!isLinked(script.name(), script.arguments())) {
                return hosts.run(access, script);
            }
            linked.add(access.host());
            hosts.kill(R2);
            return new Reply.Done(0, "last=role:master\novertaken", "");
        });
        Ending ending = run(restless, () -> false);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).startsWith("does not settle in 8 rounds; left: r2/redis-server/follow");
        assertThat(linked).hasSize(8);
    }

    @Test
    void aCancelEndsTheWaitAndWhatComesAfterIt() {
        standing();
        hosts.kill(R2);
        hosts.kill(R3);

        Ending ending = run(saying("last=role:slave\nwaiting", 3), () -> linked.size() >= 2);

        assertThat(ending.status()).isEqualTo(Status.CANCELLED);
        assertThat(linked).containsExactly("r2", "r2");
        assertThat(hosts.starts()).as("r3 is not started any more").isEqualTo(7);
        assertThat(ledger.events(OperationEvent.StepFailed.class)).isEmpty();
        assertThat(ledger.last(OperationState.class).steps())
                .filteredOn(step -> step.id().equals("r2/redis-server/linked"))
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.status()).isEqualTo(StepState.Status.SKIPPED);
                    assertThat(step.detail()).startsWith("cancelled while it was waited for");
                });
        assertThat(hosts.holders()).isEmpty();
        assertThat(run(hosts, () -> false).status()).isEqualTo(Status.SUCCEEDED);
    }

    private void standing() {
        Ending ending = run(hosts, () -> false);
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
    }

    /** The first times that somebody is waited for so. */
    private Hosts saying(String text, int times) {
        return new HostsSaying(hosts, (access, script) -> {
            if (isLinked(script.name(), script.arguments())) {
                linked.add(access.host());
                if (linked.size() <= times) {
                    return new Reply.Done(0, text, "");
                }
            }
            return hosts.run(access, script);
        });
    }

    private static boolean isLinked(String name, List<String> arguments) {
        return name.equals("await") && arguments.contains("linked");
    }

    private Ending run(Hosts on, BooleanSupplier cancelled) {
        Journal journal = ScriptedWork.journal(cluster, ledger);
        Ending ending = work.provisioning(on, hosts).carryOut(cluster, journal, cancelled);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }
}
