package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a provisioner does on scripted hosts, without its desk: on one thread, and by a clock that stands still. */
final class ScriptedWork {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);

    private final Function<ClusterState, Accounts> accounts;
    private int leases;

    /** Clusters have their passwords, and nobody knows where Monits report. */
    ScriptedWork() {
        this(PlainLocksmith.accounts());
    }

    ScriptedWork(Function<ClusterState, Accounts> accounts) {
        this.accounts = accounts;
    }

    Provisioning provisioning(ScriptedHosts hosts) {
        return provisioning(hosts, hosts);
    }

    /** @param leased who gives the leases: the scripted hosts that the others stand before */
    Provisioning provisioning(Hosts hosts, HostLeases leased) {
        return provisioning(hosts, Freight.NONE, leased);
    }

    /** With artefacts too. */
    Provisioning provisioning(Hosts hosts, Freight freight, HostLeases leased) {
        PlanRun run = new PlanRun(new Hands(hosts, freight), Runnable::run, CLOCK);
        Leases asked = new Leases(leased, "provisioner-0", () -> "lease-" + ++leases, CLOCK, Duration.ofMinutes(5));
        return new Provisioning(new Surveyor(hosts, freight, Runnable::run, CLOCK, accounts), run, asked);
    }

    Surveyor surveyor(Hosts hosts) {
        return new Surveyor(hosts, Runnable::run, CLOCK, accounts);
    }

    /** How many leases were asked for so far. */
    int leases() {
        return leases;
    }

    /** Of a new operation, in a ledger of its own. */
    static Journal journal(ClusterState cluster) {
        return journal(cluster, new RecordingLedger());
    }

    static Journal journal(ClusterState cluster, Ledger ledger) {
        return new Journal(ledger, CLOCK, Scripted.accepted(cluster));
    }

    /** Brings hosts to a spec. */
    interface Run {
        Ending on(ScriptedHosts hosts);
    }

    /**
     * However a run on fresh hosts is cut off, the next comes to the end, and the one after that finds nothing to change.
     *
     * @param before what is on the hosts when it begins
     * @param holds looks at them in the end; it is told which cut it was
     */
    static Cuts.Attempt attempt(
            ScriptedHosts.Cut how, Consumer<ScriptedHosts> before, Run run, BiConsumer<ScriptedHosts, String> holds) {
        return call -> {
            ScriptedHosts fresh = new ScriptedHosts();
            before.accept(fresh);
            fresh.cutAt(call, how);
            run.on(fresh);
            Optional<List<String>> heard = fresh.wasCut() ? Optional.empty() : Optional.of(fresh.heard());
            fresh.mend();
            run.on(fresh);
            String at = "cut " + how + " call " + call;
            assertThat(run.on(fresh).reason()).as(at).isEqualTo("nothing to change");
            holds.accept(fresh, at);
            return heard;
        };
    }
}
