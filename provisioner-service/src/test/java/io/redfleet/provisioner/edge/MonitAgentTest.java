package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.MonitSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Monit on real hosts, and a collector that believes anybody. */
@Tag("long")
@Timeout(240)
class MonitAgentTest {
    private static final Duration REPORTS_WITHIN = Duration.ofSeconds(60);

    @TempDir
    Path directory = Path.of("");

    private final ExecutorService workers = Executors.newFixedThreadPool(12);
    /** How many reports came with what in {@code Authorization}. */
    private final Map<String, Integer> reports = new ConcurrentHashMap<>();

    private HttpServer collector;
    private LoopbackTrio trio;
    private SshHosts ssh;
    private Function<ClusterState, Accounts> accounts;
    private Handwork work;

    @BeforeEach
    void threeHostsAndACollector() throws Exception {
        assumeTrue(RealMonit.in(directory).isPresent(), RealMonit.MISSING);
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/collector", this::take);
        collector.start();
        trio = new LoopbackTrio(directory);
        ssh = trio.ssh();
        accounts = PlainLocksmith.accounts(
                "http://127.0.0.1:" + collector.getAddress().getPort());
        // A test gives them other ones.
        work = new Handwork(ssh, workers, cluster -> accounts.apply(cluster));
    }

    @AfterEach
    void end() throws IOException {
        workers.shutdownNow();
        if (trio == null) {
            return;
        }
        for (int number = 1; number <= 3; number++) {
            ProcessHandle.of(pid(number)).filter(ProcessHandle::isAlive).ifPresent(ProcessHandle::destroyForcibly);
        }
        ssh.close();
        trio.close();
        collector.stop(0);
    }

    @Test
    void aMonitReportsFromEachHostIsReloadedWhenItsFileDiffersStartedWhenItDiedAndEndedWhenNobodyWantsIt()
            throws Exception {
        ClusterState off = trio.cluster(Map.of());
        ClusterState on = agent(off);
        assertThat(apply(on)).isEqualTo(Ending.succeeded("as the spec wants it"));
        for (HostSpec host : on.spec().hosts()) {
            String secret = pass(on, host).report().reveal();
            String basic = basic(host.name() + ":" + secret);
            Await.until("a report of " + host.name(), REPORTS_WITHIN, () -> reports.containsKey(basic));
        }
        assertThat(reports).as("nobody else reports").hasSize(3);
        assertThat(apply(on).reason()).isEqualTo("nothing to change");
        nobodyElseSeesItsSecrets(on);

        long before = pid(1);
        Files.writeString(place(1).resolve("monitrc"), "# by hand\n");
        assertThat(apply(on).reason()).isEqualTo("as the spec wants it");
        assertThat(pid(1)).as("it was told to read its file, not started again").isEqualTo(before);
        assertThat(Files.readString(place(1).resolve("monitrc"))).doesNotContain("by hand");

        ProcessHandle.of(pid(2)).orElseThrow().destroyForcibly();
        Await.until("its death", Duration.ofSeconds(10), () -> !lives(2));
        Process stranger = new ProcessBuilder("sleep", "300").start();
        try {
            Files.writeString(place(2).resolve("pid"), stranger.pid() + "\n");
            assertThat(apply(on).reason()).isEqualTo("as the spec wants it");
            assertThat(lives(2)).isTrue();
            assertThat(stranger.isAlive())
                    .as("it has the pid that Monit had, and nothing to do with it")
                    .isTrue();
        } finally {
            stranger.destroyForcibly();
        }

        List<Long> pids = List.of(pid(1), pid(2), pid(3));
        assertThat(apply(off).reason()).isEqualTo("as the spec wants it");
        assertThat(pids).noneMatch(MonitAgentTest::runs);
        assertThat(place(1)).doesNotExist();
        assertThat(place(1).resolveSibling("redis-server")).exists();
        assertThat(apply(off).reason()).isEqualTo("nothing to change");
    }

    @Test
    void aControlFileThatMonitDoesNotTakeReplacesNothing() throws Exception {
        ClusterState on = agent(trio.cluster(Map.of()));
        assertThat(apply(on).status()).isEqualTo(Status.SUCCEEDED);
        String before = Files.readString(place(1).resolve("monitrc"));
        long pid = pid(1);
        accounts = PlainLocksmith.accounts("http://no address");
        Ending ending = apply(on);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason())
                .contains("r1/monit/agent")
                .contains("Monit does not take the control file")
                .contains("syntax error")
                .doesNotContain(pass(on, on.spec().hosts().getFirst()).report().reveal());
        assertThat(Files.readString(place(1).resolve("monitrc"))).isEqualTo(before);
        assertThat(pid(1)).isEqualTo(pid);
        assertThat(lives(1)).isTrue();
        try (var left = Files.list(place(1).getParent())) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("staged"));
        }
    }

    @Test
    void aRemovalPlansItsEndAndLeavesNothingOfIt() throws Exception {
        ClusterState on = agent(trio.cluster(Map.of()));
        assertThat(apply(on).status()).isEqualTo(Status.SUCCEEDED);
        Plan plan = Decommission.plan(on, work.surveyor().survey(on), true);
        assertThat(plan.stages().getFirst())
                .hasSize(3)
                .allMatch(step -> step.id().endsWith("/monit/agent"));
        assertThat(apply(trio.cluster(Map.of())).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(place(3)).doesNotExist();
    }

    private void nobodyElseSeesItsSecrets(ClusterState on) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place(1))))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place(1).resolve("monitrc"))))
                .isEqualTo("rw-------");
        Agents.Pass pass = pass(on, on.spec().hosts().getFirst());
        String line = Files.readString(Path.of("/proc/" + pid(1) + "/cmdline"));
        assertThat(line)
                .contains("monitrc")
                .doesNotContain(pass.report().reveal(), pass.console().reveal());
        String told = work.ledger().all(OperationState.class).toString()
                + work.ledger().all(Object.class);
        assertThat(told).doesNotContain(pass.report().reveal(), pass.console().reveal());
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            List<String> said = exchange.getRequestHeaders().getOrDefault("Authorization", List.of("nothing"));
            reports.merge(said.getFirst(), 1, Integer::sum);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Agents.Pass pass(ClusterState on, HostSpec host) {
        return accounts.apply(on).agents().of(host.name());
    }

    private Path place(int number) {
        return trio.host(number).home().resolve("orders/.monit");
    }

    private boolean lives(int number) {
        try {
            return runs(pid(number));
        } catch (IOException e) {
            return false;
        }
    }

    /** One that is dead and that nobody has fetched has no command line. */
    private static boolean runs(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("monitrc");
        } catch (IOException e) {
            return false;
        }
    }

    /** 0: it is not there. */
    private long pid(int number) throws IOException {
        Path file = place(number).resolve("pid");
        return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
    }

    private static ClusterState agent(ClusterState off) {
        return new ClusterState(
                off.schema(),
                off.uid(),
                off.revision(),
                off.phase(),
                off.reason(),
                off.since(),
                off.spec().with(new MonitSpec(MonitSpec.Agent.ON)));
    }

    private Ending apply(ClusterState cluster) {
        return work.apply(cluster);
    }
}
