package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Adoption;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.OwnAction;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A cluster that somebody built of Debian's packages, under the packages' units, is taken over where it lies without a restart, is
 * managed by its units from then on, and is let go.
 */
@Tag("long")
@Timeout(900)
class TakenOverUnitsTest extends BootedGround {
    private static final Pattern LIVED = Pattern.compile("uptime_in_seconds:(\\d{2,}|[5-9])");
    private static final String DATA_SERVICE = "redis-server.service";
    private static final String SENTINEL_SERVICE = "redis-sentinel.service";
    private static final List<String> SERVICES = List.of(DATA_SERVICE, SENTINEL_SERVICE);
    private static final String DROP_IN = UNITS + DATA_SERVICE + ".d/redfleet.conf";
    private static final String INSTANCE = BASE + "/orders/redis-server";

    TakenOverUnitsTest() {
        super(3, false);
    }

    @BeforeEach
    void somebodyInstallsDebiansPackages() {
        for (int number : THREE) {
            shell(
                    number,
                    "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server"
                            + " redis-sentinel && systemctl stop redis-server redis-sentinel");
            configured(number);
        }
        for (int number : THREE) {
            shell(number, "systemctl start " + DATA_SERVICE);
        }
        for (int number : List.of(2, 3)) {
            Await.until(
                    "a replica in sync",
                    SETTLES_WITHIN,
                    () -> info(number, REDIS).contains("master_link_status:up"));
        }
        for (int number : THREE) {
            shell(number, "systemctl start " + SENTINEL_SERVICE);
        }
        Await.until("Sentinels that know everybody", SETTLES_WITHIN, this::everybodyIsKnown);
    }

    @Test
    void itIsTakenOverByItsUnitsWithoutARestartManagedByThemAndLetGo() {
        ClusterState cluster = cluster();
        Map<String, String> before = processes();
        String vendors = vendors();
        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof OwnAction.Adopt)
                .hasSize(6);
        assertThat(shell(1, "ls -d " + BASE + " " + DROP_IN + " 2>/dev/null || true"))
                .as("nothing is written for a plan")
                .isEmpty();

        applied(cluster);
        assertThat(processes()).as("nobody is restarted").isEqualTo(before);
        assertThat(vendors()).isEqualTo(vendors);
        for (int number : THREE) {
            assertThat(said(number, DATA_SERVICE, "Restart")).isEqualTo("no");
            assertThat(said(number, DATA_SERVICE, "TimeoutStopUSec")).isEqualTo("infinity");
            assertThat(said(number, SENTINEL_SERVICE, "Restart")).isEqualTo("always");
        }
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");
        assertThat(processes()).isEqualTo(before);

        aReplicaThatDiesComesBackByItsUnitAndItsGuard(cluster);
        whatIsStartedByHandIsAskedByTheGuard();
        everybodyIsRestartedByItsUnit(cluster);
        letGo(cluster, vendors);
    }

    @Test
    void whoseUnitIsNotTheOneThatIsNamedIsRefusedAndNothingIsWritten() {
        Ending ending = work.apply(cluster(Map.of(DATA_SERVICE, "redis-server@main.service")));
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r1: redis-server: is not taken over: ", "in redis-server@main.service");
        shell(2, "sed -i 's/^Type=notify/Type=notify\\n# by hand/' /lib/systemd/system/" + DATA_SERVICE);
        assertThat(work.apply(cluster()).reason()).contains("r2: redis-server: is not taken over: ", "daemon-reload");
        for (int number : THREE) {
            assertThat(shell(number, "ls -d " + INSTANCE + " " + DROP_IN + " 2>/dev/null || true"))
                    .isEmpty();
        }
    }

    /** systemd does not start it again, for that is Redfleet's now. */
    private void aReplicaThatDiesComesBackByItsUnitAndItsGuard(ClusterState cluster) {
        shell(2, "systemctl kill -s KILL " + DATA_SERVICE);
        Await.until(
                "it is down",
                SETTLES_WITHIN,
                () -> said(2, DATA_SERVICE, "ActiveState").equals("failed"));
        assertThat(work.provisioning().plan(cluster).steps())
                .extracting(Step::id)
                .contains("r2/redis-server/start");
        applied(cluster);
        assertThat(info(2, REDIS)).contains("role:slave", "config_file:/etc/redis/redis.conf");
        assertThat(said(2, DATA_SERVICE, "ActiveState")).isEqualTo("active");
        assertThat(guardSaid(2)).contains("starts as the provisioner's gate has decided");
    }

    private void whatIsStartedByHandIsAskedByTheGuard() {
        String master = hosts.host(1).address();
        shell(3, "systemctl stop " + DATA_SERVICE + " && sed -i '/^replicaof/d' /etc/redis/redis.conf");
        shell(3, "systemctl start " + DATA_SERVICE);
        assertThat(guardSaid(3)).contains("starts as a replica of " + master);
        Await.until("it follows", SETTLES_WITHIN, () -> info(3, REDIS).contains("master_link_status:up"));
        assertThat(shell(3, "readlink " + INSTANCE + "/redis.conf")).isEqualTo("/etc/redis/redis.conf");
        assertThat(shell(3, "stat -c '%U %a %F' /etc/redis/redis.conf")).isEqualTo("redis 640 regular file");
    }

    private void everybodyIsRestartedByItsUnit(ClusterState cluster) {
        Await.until("Sentinels that know everybody", SETTLES_WITHIN, this::everybodyIsKnown);
        // What was started shortly before it is asked for, by less than a look takes, counts as started since
        // (Restarts.All).
        Await.until(
                "all have lived for longer than a look takes",
                SETTLES_WITHIN,
                () -> THREE.stream()
                        .allMatch(number -> LIVED.matcher(info(number, REDIS)).find()));
        Map<String, String> before = processes();
        Journal journal = work.journal(cluster, "roll");
        Ending ending = work.provisioning().roll(cluster, "", journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        Map<String, String> after = processes();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((unit, process) -> assertThat(process).as(unit).isNotEqualTo(before.get(unit)));
        for (int number : THREE) {
            for (String service : SERVICES) {
                assertThat(said(number, service, "ActiveState")).isEqualTo("active");
            }
        }
    }

    private void letGo(ClusterState cluster, String vendors) {
        Map<String, String> before = processes();
        Ending ending = work.carriedOut(cluster, "decommission", seen -> Decommission.plan(cluster, seen, Fate.KEPT));
        assertThat(ending.reason()).isEqualTo("done");
        assertThat(processes()).as("it goes on").isEqualTo(before);
        assertThat(vendors()).isEqualTo(vendors);
        for (int number : THREE) {
            assertThat(shell(number, "ls " + UNITS + "redis-*.service.d")).doesNotContain("redfleet");
            assertThat(shell(number, "ls " + BASE + "/orders")).isEmpty();
            assertThat(said(number, DATA_SERVICE, "Restart")).isEqualTo("always");
            assertThat(said(number, DATA_SERVICE, "NeedDaemonReload")).isEqualTo("no");
        }
    }

    /** As Debian has it, but for what makes a cluster of it. */
    private void configured(int number) {
        String address = hosts.host(number).address();
        String master = hosts.host(1).address();
        String follows = number == 1 ? "" : "\\nreplicaof " + master + " 6379";
        shell(
                number,
                "printf 'bind " + address + "\\nprotected-mode no\\nrepl-diskless-sync-delay 0" + follows
                        + "\\n' >>/etc/redis/redis.conf");
        String sentinel = String.join(
                "\\n",
                "bind " + address,
                "port 26379",
                "protected-mode no",
                "daemonize yes",
                "pidfile /run/sentinel/redis-sentinel.pid",
                "logfile /var/log/redis/redis-sentinel.log",
                "dir /var/lib/redis",
                "sentinel monitor orders " + master + " 6379 2",
                "sentinel down-after-milliseconds orders 5000",
                "sentinel failover-timeout orders 60000",
                "sentinel parallel-syncs orders 1");
        shell(number, "printf '" + sentinel + "\\n' >/etc/redis/sentinel.conf");
    }

    private boolean everybodyIsKnown() {
        for (int number : THREE) {
            String said = info(number, SENTINEL);
            if (!said.contains("name=orders,status=ok") || !said.contains("slaves=2,sentinels=3")) {
                return false;
            }
        }
        return true;
    }

    /** Empty: it does not answer. */
    private String info(int number, int port) {
        try (RedisCall call = line(hosts.host(number).address(), port)) {
            return String.valueOf(call.call("INFO"));
        } catch (IOException away) {
            return "";
        }
    }

    private String said(int number, String unit, String property) {
        return hosts.host(number).run("systemctl", "show", "-p", property, "--value", unit);
    }

    private String guardSaid(int number) {
        return shell(number, "journalctl -b -o cat -u " + DATA_SERVICE + " | grep 'redfleet guard' | tail -n 1");
    }

    /** By host and unit: its process, and when it began. */
    private Map<String, String> processes() {
        Map<String, String> found = new TreeMap<>();
        for (int number : THREE) {
            for (String service : SERVICES) {
                String main = said(number, service, "MainPID");
                found.put(
                        "r" + number + " " + service,
                        main + " " + said(number, service, "ExecMainStartTimestampMonotonic"));
            }
        }
        return found;
    }

    /** What the packages' own units are. */
    private String vendors() {
        StringBuilder all = new StringBuilder();
        for (int number : THREE) {
            all.append(shell(number, "cd /lib/systemd/system && sha256sum redis-*.service"));
        }
        return all.toString();
    }

    private ClusterState cluster() {
        return cluster(Map.of());
    }

    /** @param others what is named in the place of a unit */
    private ClusterState cluster(Map<String, String> others) {
        List<Map<String, Object>> described =
                THREE.stream().map(number -> described(number, others)).toList();
        Map<String, Object> spec = Map.of(
                "service",
                "systemd",
                "directory",
                BASE,
                "security",
                Map.of("acl", "off"),
                "sentinel",
                Map.of("masterName", "orders"),
                "hosts",
                described);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        assertThat(read.adopted()).isTrue();
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 2, Phase.ACCEPTED, "", Instant.EPOCH, read, 1L);
    }

    private Map<String, Object> described(int number, Map<String, String> others) {
        SystemdHost host = hosts.host(number);
        return Map.of(
                "name",
                "r" + number,
                "address",
                host.address(),
                "ssh",
                Map.of("user", host.user(), "credential", "ops", "hostKey", host.publicHostKey()),
                "instances",
                List.of(
                        instance("redis", "/etc/redis/redis.conf", DATA_SERVICE, others),
                        instance("sentinel", "/etc/redis/sentinel.conf", SENTINEL_SERVICE, others)));
    }

    private static Map<String, Object> instance(String role, String config, String unit, Map<String, String> others) {
        return Map.of("role", role, "at", Map.of("config", config, "unit", others.getOrDefault(unit, unit)));
    }
}
