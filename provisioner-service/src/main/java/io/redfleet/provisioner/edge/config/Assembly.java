package io.redfleet.provisioner.edge.config;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.desired.AgentRules;
import io.redfleet.provisioner.edge.adopt.SocketSurveys;
import io.redfleet.provisioner.edge.kafka.BusSide;
import io.redfleet.provisioner.edge.kafka.JacksonDocuments;
import io.redfleet.provisioner.edge.keys.KeyRing;
import io.redfleet.provisioner.edge.keys.PasswordFiles;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.Shelf;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.facts.HostWatch;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.order.Crew;
import io.redfleet.provisioner.order.DeskParts;
import io.redfleet.provisioner.secret.Vault;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** The parts of one provisioner process. */
public final class Assembly implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Assembly.class);
    /** A fleet's worth of hosts and orders; beyond it the caller waits its turn by doing the work itself. */
    private static final int QUEUED = 5_000;
    /** Only connecting takes a thread; a dead host takes one for ten seconds in forty. */
    private static final int CONNECTS = 16;
    /** Twelve silences of a build host make a minute. */
    private static final long SILENCE_PAUSE_SECONDS = 5;

    private final InstantSource clock = InstantSource.system();
    private final Brakes brakes;
    private final Credentials keys;
    private final SshHosts ssh;
    private final ExecutorService operations;
    private final ExecutorService hands;
    private final ExecutorService connects = pool("connect", CONNECTS);
    private final Vault vault;
    private final Crew crew;
    /** One for all partitions: the bound is the process's. */
    private final SocketSurveys surveys = new SocketSurveys();

    private final HostWatch.Terms watching;
    private final LookRounds rounds;
    private final BusSide bus;

    private Assembly(ProvisionerSettings settings, Optional<Duration> looks) throws IOException {
        Path home = Path.of(settings.home());
        brakes = new Brakes(() -> BrakeFiles.read(home), settings.restarts());
        keys = new Credentials(home.resolve("credentials/ssh"), settings.limitsRequired());
        ssh = new SshHosts(
                keys, new KnownHosts(home.resolve("data/provisioner/known_hosts"), !settings.hostKeysRequired()));
        if (!keys.unlimited().isEmpty()) {
            LOG.warnf("keys without a limits file, which any spec may use on any host; keys=%s", keys.unlimited());
        }
        operations = pool("operation", settings.operations());
        hands = pool("hand", settings.hands());
        Leases leases =
                new Leases(ssh, settings.instance(), () -> UUID.randomUUID().toString(), clock, settings.leaseWait());
        PasswordFiles passwords = new PasswordFiles(home.resolve("credentials/probes"));
        vault = new Vault(new KeyRing(home, new SecureRandom()), collector(settings), passwords);
        Freight freight = new Shelf(ssh, settings.artefacts().orElse(home.resolve("artefacts")));
        Surveyor surveyor = new Surveyor(ssh, freight, hands, clock, vault::accounts);
        crew = new Crew(surveyor, new PlanRun(new Hands(ssh, freight), hands, clock, Assembly::pause), leases, clock);
        watching = new HostWatch.Terms(ssh, connects, settings.facts(), settings.factsAtLeast());
        rounds = new LookRounds(looks);
        Path login = settings.kafkaClient().orElse(home.resolve("credentials/kafka/provisioner.properties"));
        bus = new BusSide(BusSettings.of(settings.bootstrap(), settings.instance(), login), this::parts, brakes);
    }

    /** @param looks how often each cluster is looked at while nobody works on it; empty: never */
    public static Assembly of(ProvisionerSettings settings, Optional<Duration> looks) throws IOException {
        return new Assembly(settings, looks);
    }

    private static Optional<String> collector(ProvisionerSettings settings) {
        Optional<String> wanted = settings.collector().filter(text -> !text.isBlank());
        wanted.filter(text -> !AgentRules.isAddress(text)).ifPresent(text -> {
            throw new IllegalStateException(
                    "redfleet.provisioner.collector (REDFLEET_COLLECTOR_URL) is '" + text + "': it " + AgentRules.FORM);
        });
        return wanted;
    }

    private DeskParts parts(Ledger ledger) {
        return new DeskParts(
                ledger,
                crew,
                brakes,
                new Ticking(ledger, watching, clock).started(),
                vault,
                (during, fault) -> LOG.errorf(fault, "a fault of Redfleet's own; during=%s", during),
                new JacksonDocuments(),
                keys,
                operations,
                clock,
                () -> new ClusterUid(UUID.randomUUID().toString()),
                rounds,
                surveys);
    }

    public BusSide bus() {
        return bus;
    }

    public void open() {
        bus.open();
    }

    @Override
    public void close() {
        bus.close();
        rounds.close();
        operations.shutdownNow();
        hands.shutdownNow();
        connects.shutdownNow();
        ssh.close();
    }

    /** Before a build host that was silent is asked again; none for who is to end. */
    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(SILENCE_PAUSE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUED),
                work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
