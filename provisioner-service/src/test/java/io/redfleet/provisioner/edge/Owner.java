package io.redfleet.provisioner.edge;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
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
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.StepMaker;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** A provisioner without the bus, which notes when its scripts that change something began and ended on which host. */
public final class Owner implements Hosts, AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();
    /** The same for all owners, as the bus makes them. */
    static final Function<ClusterState, Accounts> ACCOUNTS = PlainLocksmith.accounts();

    private final String name;
    private final SshHosts ssh;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final RecordingLedger ledger = new RecordingLedger();
    private final AtomicInteger operations = new AtomicInteger();
    private final List<Work> works = new ArrayList<>();
    private volatile BiConsumer<String, String> before = (host, script) -> {};

    /** @param lease under which it came; times by System.nanoTime */
    private record Work(String host, String script, String lease, long begun, long ended, boolean changed) {}

    public Owner(String name, SshHosts ssh) {
        this.name = name;
        this.ssh = ssh;
    }

    SshHosts ssh() {
        return ssh;
    }

    RecordingLedger ledger() {
        return ledger;
    }

    CompletableFuture<Ending> begin(ClusterState cluster) {
        return CompletableFuture.supplyAsync(() -> apply(cluster), workers);
    }

    /** Takes all hosts of the cluster as one operation that waits, and does this while it has them. */
    CompletableFuture<Ending> beginUnderLeases(ClusterState cluster, Runnable work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Journal journal = journal(cluster, "provision");
                    Leases leases = leases();
                    Leases.Ask ask = leases.ask(cluster.spec(), cluster.spec().hosts(), journal, () -> false);
                    return ended(journal, leases.during(ask, "", grant -> {
                        work.run();
                        return Ending.succeeded("done");
                    }));
                },
                workers);
    }

    /** Hears of the host and the script before each call. */
    void onCall(BiConsumer<String, String> listener) {
        before = listener;
    }

    /** Brings the cluster to its spec, as one operation. */
    public Ending apply(ClusterState cluster) {
        Journal journal = journal(cluster, "provision");
        Provisioning provisioning =
                new Provisioning(surveyor(), new PlanRun(new Hands(this), workers, CLOCK), leases());
        return ended(journal, provisioning.carryOut(cluster, journal, () -> false));
    }

    /** One step on one instance, as one operation. */
    Ending step(ClusterState cluster, InstanceId instance, BiFunction<StepMaker, Member, Step> step) {
        Journal journal = journal(cluster, "step");
        ClusterSpec spec = cluster.spec();
        Member member = spec.member(instance).orElseThrow();
        PlanRun run = new PlanRun(new Hands(this), workers, CLOCK);
        List<HostSpec> hosts = List.of(spec.host(instance.host()).orElseThrow());
        return ended(journal, leases().during(leases().ask(spec, hosts, journal, () -> false), "", grant -> {
            Step made = step.apply(new StepMaker(spec, surveyor().survey(cluster)), member);
            Plan plan = new Plan(List.of(List.of(made)), List.of(), List.of(), false);
            return switch (run.run(plan, journal, grant, () -> false)) {
                case PlanRun.Finished finished -> Ending.succeeded("done");
                case PlanRun.Cancelled stop -> Ending.cancelled();
                case PlanRun.Stopped stopped -> Ending.failed(stopped.reason());
            };
        }));
    }

    private Surveyor surveyor() {
        return new Surveyor(this, workers, CLOCK, ACCOUNTS);
    }

    private Leases leases() {
        return new Leases(ssh, name, () -> UUID.randomUUID().toString(), CLOCK, Duration.ofMinutes(2));
    }

    private static Ending ended(Journal journal, Ending ending) {
        journal.finish(ending.status(), ending.reason());
        return ending;
    }

    private Journal journal(ClusterState cluster, String kind) {
        OperationState state = new OperationState(
                OperationState.SCHEMA,
                new OperationId(name + "-op" + operations.incrementAndGet()),
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
        return new Journal(ledger, CLOCK, state);
    }

    synchronized int changes() {
        return (int) works.stream().filter(Work::changed).count();
    }

    synchronized int started() {
        return (int) works.stream()
                .filter(work -> work.script().equals("start") && work.changed())
                .count();
    }

    /** What one owner or operation did on a host between the first and the last work of another there. */
    static List<String> together(Owner... owners) {
        List<Work> all = Stream.of(owners)
                .flatMap(owner -> owner.works.stream())
                .sorted(java.util.Comparator.comparingLong(Work::begun))
                .toList();
        List<String> found = new ArrayList<>();
        for (Work one : all) {
            for (Work other : all) {
                boolean sameHost =
                        one.host().equals(other.host()) && !one.lease().equals(other.lease());
                if (sameHost && one.begun() < other.ended() && other.begun() < one.ended()) {
                    found.add(one + " beside " + other);
                }
            }
        }
        return found;
    }

    @Override
    public Reply run(HostAccess access, Script script) {
        before.accept(access.host(), script.name());
        long begun = System.nanoTime();
        Reply reply = ssh.run(access, script);
        boolean fenced = script.text().stripTrailing().endsWith("fenced \"$@\" </dev/null");
        if (fenced) {
            boolean changed = reply instanceof Reply.Done done
                    && done.ok()
                    && !done.out().strip().endsWith("unchanged")
                    && !done.out().strip().equals("present");
            note(new Work(access.host(), script.name(), script.arguments().get(1), begun, System.nanoTime(), changed));
        }
        return reply;
    }

    private synchronized void note(Work work) {
        works.add(work);
    }

    @Override
    public Reply put(HostAccess access, RemoteFile file) {
        before.accept(access.host(), "put");
        return ssh.put(access, file);
    }

    @Override
    public String fingerprint(HostAccess access) {
        return ssh.fingerprint(access);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        ssh.close();
    }
}
