package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.Credentials;
import io.redfleet.provisioner.edge.ssh.KnownHosts;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

/** Debian's Monit as a unit of ours on a host that boots, and a collector that believes anybody. */
@Tag("long")
@Timeout(900)
class SystemdAgentTest {
    private static final String UNIT = "redfleet-orders.monit.service";
    private static final String FILE = "/etc/systemd/system/" + UNIT;
    private static final String AGENT = "/var/lib/redfleet/orders/.monit";
    private static final String DATA = "redfleet-orders-redis-server.service";
    private static final Duration REPORTS_WITHIN = Duration.ofMinutes(1);

    @TempDir
    Path credentials;

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    /** How many reports came with what in {@code Authorization}. */
    private final Map<String, Integer> reports = new ConcurrentHashMap<>();

    private SystemdHosts hosts;
    private SystemdHost host;
    private HttpServer collector;
    private SshHosts ssh;
    private Function<ClusterState, Accounts> accounts;
    private Handwork work;

    @BeforeEach
    void aHostWithoutRedisOrMonitAndACollectorThatItReaches() throws Exception {
        String missing = SystemdHosts.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        hosts = SystemdHosts.boot(credentials, 1);
        host = hosts.host(1);
        collector = HttpServer.create(new InetSocketAddress(reachedBy(host.address()), 0), 0);
        collector.createContext("/collector", this::take);
        collector.start();
        accounts = PlainLocksmith.accounts("http://" + collector.getAddress().getHostString() + ":"
                + collector.getAddress().getPort());
        ssh = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
        work = new Handwork(ssh, workers, accounts);
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        // Where there are no hosts, nothing was begun.
        if (collector != null) {
            collector.stop(0);
        }
        if (ssh != null) {
            ssh.close();
        }
        if (hosts != null) {
            hosts.close();
        }
    }

    @Test
    void itComesWithItsPackageReportsComesBackWhenItIsKilledAndGoesWithAllThatIsOfIt() {
        ClusterState on = cluster("on");
        Ending applied = work.apply(on);
        assertThat(applied.status()).as(applied.reason()).isEqualTo(Status.SUCCEEDED);
        itStandsAsRedisAndTheVendorsDoesNotRun();
        reportsOnceMore(on);
        assertThat(work.apply(on).reason()).isEqualTo("nothing to change");

        whenItIsKilledSystemdStartsItAndNobodyElseIsHurt(on);
        whatSomebodyWroteIntoItsFileIsPutRightWithoutAStart(on);
        whenItIsStoppedTheNextApplyStartsIt(on);

        ClusterState off = cluster("off");
        String redis = pid(DATA);
        Ending gone = work.apply(off);
        assertThat(gone.status()).as(gone.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(shell("ls -d " + FILE + " " + AGENT + " /var/lib/redfleet-host/monit 2>/dev/null || true"))
                .isEmpty();
        assertThat(host.run("systemctl", "list-units", "--all", "--plain", "--no-legend", UNIT))
                .isEmpty();
        assertThat(shell("pgrep -x monit || true")).isEmpty();
        assertThat(shell("dpkg-query -W -f '${db:Status-Status}' monit 2>/dev/null || true"))
                .isNotEqualTo("installed");
        assertThat(host.run("apt-mark", "showhold")).contains("redis-server").doesNotContain("monit");
        assertThat(pid(DATA)).as("no instance was started or stopped for it").isEqualTo(redis);
        assertThat(work.apply(off).reason()).isEqualTo("nothing to change");
    }

    private void itStandsAsRedisAndTheVendorsDoesNotRun() {
        assertThat(host.run("systemctl", "is-active", UNIT)).isEqualTo("active");
        assertThat(host.run("systemctl", "is-enabled", UNIT)).isEqualTo("enabled");
        assertThat(host.run("stat", "-c", "%U:%G %a", FILE)).isEqualTo("root:root 644");
        assertThat(host.run("stat", "-c", "%U %a", "/proc/" + pid(UNIT))).startsWith("redis ");
        assertThat(host.run("stat", "-c", "%U %a", AGENT)).isEqualTo("redis 700");
        assertThat(host.run("stat", "-c", "%U %a", AGENT + "/monitrc")).isEqualTo("redis 600");
        assertThat(host.run("grep", "^NoNewPrivs", "/proc/" + pid(UNIT) + "/status"))
                .endsWith("1");
        assertThat(shell("journalctl -b -o cat | grep -F " + UNIT
                        + " | grep -iE 'unknown (key|section)|failed to parse' || true"))
                .as("what systemd does not understand of it")
                .isEmpty();
        assertThat(shell("dpkg-query -W -f '${db:Status-Want} ${db:Status-Status}' monit"))
                .isEqualTo("hold installed");
        assertThat(shell("systemctl is-active monit || true")).isEqualTo("inactive");
        assertThat(shell("systemctl is-enabled monit || true")).isEqualTo("disabled");
        assertThat(shell("journalctl -b -o cat -u monit | grep -i started || true"))
                .as("not even for a moment")
                .isEmpty();
    }

    /** Monit would take whoever has the pid that it finds for itself, and end a Redis by the signal that wakes it. */
    private void whenItIsKilledSystemdStartsItAndNobodyElseIsHurt(ClusterState on) {
        String before = pid(UNIT);
        String redis = pid(DATA);
        shell("printf '%s\\n' " + redis + " >" + AGENT + "/pid");
        host.run("systemctl", "kill", "--signal=KILL", UNIT);
        Await.until("it lives again", Duration.ofSeconds(30), () -> {
            String now = pid(UNIT);
            return !now.equals("0")
                    && !now.equals(before)
                    && shell("cat " + AGENT + "/pid 2>/dev/null || true").equals(now);
        });
        assertThat(pid(DATA)).isEqualTo(redis);
        assertThat(host.run("systemctl", "is-active", DATA)).isEqualTo("active");
        reportsOnceMore(on);
        assertThat(work.apply(on).reason()).isEqualTo("nothing to change");
    }

    private void whatSomebodyWroteIntoItsFileIsPutRightWithoutAStart(ClusterState on) {
        String before = pid(UNIT);
        shell("printf '# by hand\\n' >>" + AGENT + "/monitrc");
        assertThat(work.provisioning().plan(on).steps()).extracting(Step::id).containsExactly("r1/monit/agent");
        assertThat(work.apply(on).reason()).isEqualTo("as the spec wants it");
        assertThat(pid(UNIT)).as("it was told to read its file").isEqualTo(before);
        assertThat(host.run("cat", AGENT + "/monitrc")).doesNotContain("by hand");
        assertThat(work.apply(on).reason()).isEqualTo("nothing to change");
    }

    private void whenItIsStoppedTheNextApplyStartsIt(ClusterState on) {
        host.run("systemctl", "stop", UNIT);
        assertThat(work.apply(on).reason()).isEqualTo("as the spec wants it");
        assertThat(host.run("systemctl", "is-active", UNIT)).isEqualTo("active");
        reportsOnceMore(on);
    }

    private void reportsOnceMore(ClusterState on) {
        String secret =
                accounts.apply(on).agents().of(new HostName("r1")).report().reveal();
        String basic = "Basic " + Base64.getEncoder().encodeToString(("r1:" + secret).getBytes(StandardCharsets.UTF_8));
        int before = reports.getOrDefault(basic, 0);
        Await.until("a report", REPORTS_WITHIN, () -> reports.getOrDefault(basic, 0) > before);
        assertThat(reports).as("nobody else reports").hasSize(1);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            List<String> said = exchange.getRequestHeaders().getOrDefault("Authorization", List.of("nothing"));
            reports.merge(said.getFirst(), 1, Integer::sum);
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** This machine's address in a host's network. */
    private static InetAddress reachedBy(String address) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            // Nothing is sent: it is the route that is asked for.
            socket.connect(new InetSocketAddress(address, 9));
            return socket.getLocalAddress();
        }
    }

    private String pid(String unit) {
        return host.run("systemctl", "show", "-p", "MainPID", "--value", unit);
    }

    /** A line for the host's own shell, as root. */
    private String shell(String line) {
        return host.run("sh", "-c", line);
    }

    private ClusterState cluster(String agent) {
        Map<String, Object> described = Map.of(
                "name",
                "r1",
                "address",
                host.address(),
                "ssh",
                Map.of("user", host.user(), "credential", "ops", "hostKey", host.publicHostKey()));
        Map<String, Object> spec = Map.of(
                "service",
                "systemd",
                "hosts",
                List.of(described),
                "redis",
                Map.of("install", "packages", "version", "7.0", "port", 7000),
                "sentinel",
                Map.of("port", 27000, "allowWeakQuorum", true),
                "monit",
                Map.of("agent", agent));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        if (!(reading instanceof SpecReader.Good good)) {
            throw new IllegalStateException("not a good spec: " + reading);
        }
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 1, Phase.ACCEPTED, "", Instant.EPOCH, good.spec());
    }
}
