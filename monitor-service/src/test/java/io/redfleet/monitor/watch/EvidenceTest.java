package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a request says of the process that it is about. */
class EvidenceTest {
    private static final ProcessFacts RUNS = new ProcessFacts(true, 4711, 90_210, 0, 0, false, 4, 0, 0, 0);

    private final Watched watched = new Watched();

    @Test
    void whoHangsIsNamedByItsPidAndItsStart() {
        watched.well(500);
        host(1_000, true, RUNS);
        watched.answer(Orders.R2, new Reply.Silent(), 2_000, 3_000, 4_000);

        assertThat(evidence(5_000))
                .extracting(Remediation.Evidence::pid, Remediation.Evidence::startTicks)
                .containsExactly(4711L, 90_210L);
    }

    /** The host's word is of before the death: who died is known, and that he did. */
    @Test
    void whoDiedIsNamedAsTheHostSawHimLast() {
        watched.well(500);
        host(1_000, true, RUNS);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);

        assertThat(evidence(5_000).pid()).isEqualTo(4711);
    }

    @Test
    void whereTheHostSeesNobodyItIsSaidThatNobodyIsThere() {
        watched.well(500);
        host(1_000, true, RUNS);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);
        host(3_000, true, ProcessFacts.ABSENT);

        assertThat(evidence(5_000))
                .extracting(Remediation.Evidence::pid, Remediation.Evidence::startTicks)
                .containsExactly(0L, 0L);
    }

    @Test
    void aHostThatSaysNothingIsNoEvidence() {
        watched.well(500);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);

        assertThat(evidence(5_000))
                .extracting(Remediation.Evidence::pid, Remediation.Evidence::startTicks)
                .containsExactly(null, null);
    }

    @Test
    void whatAHostSaidBeforeItWasLostIsNoEvidence() {
        watched.well(500);
        host(1_000, true, RUNS);
        host(1_500, false, RUNS);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);

        assertThat(evidence(5_000).pid()).isNull();
    }

    /** Of the one restart that is asked for at the cycle of this moment. */
    private Remediation.Evidence evidence(long millis) {
        watched.stand(millis);
        watched.views(Set.of(Orders.R2), true, millis);
        watched.cycle(millis);
        assertThat(watched.asks).hasSize(1);
        return watched.asks.getFirst().evidence();
    }

    private void host(long millis, boolean reachable, ProcessFacts process) {
        HostFacts facts = new HostFacts(
                HostFacts.SCHEMA,
                Orders.roster().cluster(),
                new HostName("r2"),
                at(millis).wall(),
                reachable,
                "",
                "boot-1",
                0,
                0,
                0,
                0,
                0,
                0,
                Map.of(Orders.R2, process),
                MachineFacts.UNKNOWN);
        watched.see(new Observation.HostSeen(facts), millis);
    }
}
