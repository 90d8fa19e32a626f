package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.Provisioning;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What a provisioner does on real hosts, without its desk: each operation has a journal of its own in one ledger. */
public final class Handwork {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SshHosts ssh;
    private final Hosts line;
    private final Executor workers;
    private final Freight freight;
    private final RecordingLedger ledger = new RecordingLedger();
    private final InstantSource clock = InstantSource.system();
    private final Surveyor surveyor;
    private int operations;

    /**
     * @param workers with a thread for each host at least
     * @param accounts the passwords of a cluster
     */
    public Handwork(SshHosts ssh, Executor workers, Function<ClusterState, Accounts> accounts) {
        this(ssh, workers, accounts, Freight.NONE);
    }

    Handwork(SshHosts ssh, Executor workers, Function<ClusterState, Accounts> accounts, Freight freight) {
        this(ssh, ssh, workers, accounts, freight);
    }

    /** @param line by which its scripts go to the hosts; leases go by {@code ssh} itself */
    Handwork(SshHosts ssh, Hosts line, Executor workers, Function<ClusterState, Accounts> accounts, Freight freight) {
        this.freight = freight;
        this.ssh = ssh;
        this.line = line;
        this.workers = workers;
        this.surveyor = new Surveyor(line, freight, workers, clock, accounts);
    }

    public Surveyor surveyor() {
        return surveyor;
    }

    /** Of all operations. */
    RecordingLedger ledger() {
        return ledger;
    }

    /** How many operations there were. */
    int operations() {
        return operations;
    }

    Provisioning provisioning() {
        return new Provisioning(surveyor, run(), leases());
    }

    PlanRun run() {
        return new PlanRun(new Hands(line, freight), workers, clock);
    }

    Leases leases() {
        return new Leases(ssh, "provisioner-0", () -> UUID.randomUUID().toString(), clock, PATIENCE);
    }

    /** Of a new operation. */
    Journal journal(ClusterState cluster, String kind) {
        OperationState state = new OperationState(
                OperationState.SCHEMA,
                new OperationId("op" + operations++),
                cluster.name(),
                cluster.uid(),
                kind,
                null,
                Actor.self(ServiceName.PROVISIONER),
                Status.WAITING,
                "",
                Instant.now(),
                null,
                List.of(),
                Set.of());
        return new Journal(ledger, clock, state);
    }

    /** Makes the cluster's spec true, to the end of its operation. */
    public Ending apply(ClusterState cluster) {
        Journal journal = journal(cluster, "provision");
        Ending ending = provisioning().carryOut(cluster, journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /**
     * Carries out what a look at the cluster asks for, under the leases on all its hosts, to the end of an operation: "done", or
     * what stopped it. Nothing may be in the way.
     */
    Ending carriedOut(ClusterState cluster, String kind, Function<ClusterSurvey, Plan> planned) {
        Journal journal = journal(cluster, kind);
        Leases.Ask ask = leases().ask(cluster.spec(), cluster.spec().hosts(), journal, () -> false);
        Ending ending = leases().during(ask, "", grant -> {
            Plan plan = planned.apply(surveyor.survey(cluster));
            assertThat(plan.obstacles()).isEmpty();
            return switch (run().run(plan, journal, grant, () -> false)) {
                case PlanRun.Finished finished -> Ending.succeeded("done");
                case PlanRun.Cancelled stop -> Ending.cancelled();
                case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
            };
        });
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    /** Ends the cluster with all that it has on its hosts. */
    Ending removed(ClusterState cluster) {
        return carriedOut(cluster, "decommission", seen -> Decommission.plan(cluster, seen, Fate.ERASED));
    }
}
