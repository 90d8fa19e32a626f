package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.plan.StepMaker;
import io.redfleet.provisioner.recipe.Sudoers;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The life of a cluster whose instances systemd runs, on hosts that boot it. What is there, root on the host says. */
@Tag("long")
@Timeout(900)
class SystemdServiceTest extends BootedGround {
    private static final String DATA = BASE + "/orders/redis-server";
    private static final String GUARD = "/etc/systemd/system/redfleet-orders-redis-server.guard";
    private static final String SENTINEL_UNIT = "redfleet-orders-redis-sentinel.service";
    private static final Duration FAILOVER = Duration.ofMinutes(1);
    /** Twice what a silent peer is noticed in, and the pause before a silent host is asked again. */
    private static final Duration BACK_WITHIN = Duration.ofMinutes(1);

    SystemdServiceTest() {
        super(3);
    }

    @Test
    void aClusterOfUnitsStandsFailsOverComesBackAndGoes() {
        ClusterState cluster = cluster(BASE, "orders", 6379, 26379);
        hosts.all().forEach(host -> allows(host, Sudoers.of(cluster.spec())));
        hosts.all().forEach(SystemdServiceTest::hasNothingOfAUserRedis);
        assertThat(hosts.host(1).run("sh", "-c", "id -u redis || echo none")).endsWith("none");
        Ending first = work.apply(cluster);
        assertThat(first.status()).as(first.reason()).isEqualTo(Status.SUCCEEDED);
        hosts.all().forEach(SystemdServiceTest::stands);
        assertThat(Objects.requireNonNull(
                                work.ledger().last(OperationState.class).verification())
                        .limits())
                .hasSize(6)
                .allMatch(limit -> limit.openFiles().matches("\\d+ \\d+"));
        assertThat(work.apply(cluster).reason()).isEqualTo("nothing to change");

        aMasterThatIsKilledStaysDownUntilItIsStartedAsAReplica(cluster);
        aSentinelThatIsKilledIsSystemdsToStart();
        whatAPersonStopsStaysStoppedAlsoAfterABoot(cluster);
        aForeignUnitIsLeftAlone();
        whenTheClusterGoesItsUnitsGo(cluster);
    }

    /** Nothing but what its admin is told to. */
    private static void allows(SystemdHost host, Sudoers sudoers) {
        String replace = "printf %s \"$1\" >/etc/sudoers.d/ops && visudo -cf /etc/sudoers.d/ops";
        host.run("sh", "-c", replace, "sh", sudoers.file());
    }

    /** What Debian's tools give to one would keep whom the first apply makes. */
    private static void hasNothingOfAUserRedis(SystemdHost host) {
        shell(
                host,
                "rm -rf /etc/redis /var/lib/redis /var/log/redis && if getent group redis; then groupdel redis; fi"
                        + " && if [ -e /var/lib/dpkg/statoverride ]; then sed -i '/redis/d' /var/lib/dpkg/statoverride; fi");
    }

    private SystemdHost leader(ClusterState cluster) {
        return Await.value(
                "a master that is named",
                FAILOVER,
                () -> work.surveyor()
                        .survey(cluster)
                        .namedMaster(cluster.spec())
                        .flatMap(named -> hosts.all().stream()
                                .filter(host -> host.address().equals(named.host()))
                                .findFirst()));
    }

    /** The hard limit. */
    private static long openFiles(SystemdHost host, String pid) {
        return Long.parseLong(shell(host, "awk '/^Max open files/ { print $5 }' /proc/" + pid + "/limits"));
    }

    private static void stands(SystemdHost host) {
        for (String unit : List.of(DATA_UNIT, SENTINEL_UNIT)) {
            assertThat(host.run("systemctl", "is-active", unit)).isEqualTo("active");
            assertThat(host.run("stat", "-c", "%U:%G %a %F", "/etc/systemd/system/" + unit))
                    .isEqualTo("root:root 644 regular file");
            String pid = host.run("systemctl", "show", "-p", "MainPID", "--value", unit);
            assertThat(host.run("stat", "-c", "%U", "/proc/" + pid)).isEqualTo("redis");
            assertThat(host.run("systemctl", "show", "-p", "LimitNOFILE", "--value", unit))
                    .isEqualTo("65535");
            assertThat(openFiles(host, pid))
                    .as("as many as the machine lets anybody have")
                    .isEqualTo(Math.min(65_535, openFiles(host, "1")));
            assertThat(host.run("grep", "^NoNewPrivs", "/proc/" + pid + "/status"))
                    .endsWith("1");
        }
        assertThat(host.run("systemctl", "is-enabled", DATA_UNIT)).isEqualTo("enabled");
        assertThat(host.run("stat", "-c", "%U:%G %a %F", GUARD)).isEqualTo("root:root 644 regular file");
        assertThat(host.run("stat", "-c", "%U:%G %a %F", GUARD + ".auth")).isEqualTo("redis:redis 400 regular file");
        assertThat(shell(host, "ls " + DATA + "/permit 2>/dev/null || true"))
                .as("a permit is good once")
                .isEmpty();
        assertThat(host.run("systemctl", "is-enabled", SENTINEL_UNIT)).isEqualTo("enabled");
        assertThat(host.run("stat", "-c", "%U:%G %a", "/etc/logrotate.d/redfleet-orders"))
                .isEqualTo("root:root 644");
        assertThat(host.run("cat", "/etc/logrotate.d/redfleet-orders"))
                .contains(DATA + "/log/redis.log", BASE + "/orders/redis-sentinel/log/redis.log", "su redis redis");
        assertThat(host.run("stat", "-c", "%U %a", BASE)).isEqualTo("root 755");
        assertThat(host.run("stat", "-c", "%U %a", DATA)).isEqualTo("redis 700");
        assertThat(host.run("stat", "-c", "%U %a", DATA + "/redis.conf")).isEqualTo("redis 600");
        assertThat(host.run("stat", "-c", "%U %a", DATA + "/users.acl")).isEqualTo("redis 600");
        assertThat(host.run("stat", "-c", "%U:%G %a", BASE + "/.lease"))
                .as("who is redis reads whose the lease is, and does not say it; nobody else can hold it up")
                .isEqualTo("root:redis 640");
        assertThat(host.run("find", BASE, "!", "-user", "redis", "!", "-path", BASE, "!", "-name", ".lease"))
                .isEmpty();
        assertThat(Integer.parseInt(host.run("id", "-u", "redis"))).isBetween(1, 999);
        assertThat(host.run("getent", "passwd", "redis")).endsWith("nologin");
        assertThat(host.run("find", "/home/ops", "-name", "*.staged", "-o", "-name", "*redfleet*"))
                .as("left by an upload")
                .isEmpty();
        String complaints =
                "journalctl -b -o cat | grep -F redfleet-orders | grep -iE 'unknown (key|section)|failed to parse'";
        assertThat(shell(host, complaints + " || true"))
                .as("what systemd does not understand of the units")
                .isEmpty();
    }

    private void aMasterThatIsKilledStaysDownUntilItIsStartedAsAReplica(ClusterState cluster) {
        SystemdHost old = hosts.host(1);
        old.run("systemctl", "kill", "--signal=KILL", DATA_UNIT);
        Endpoint before = new Endpoint(old.address(), 6379);
        Await.until(
                "another master",
                FAILOVER,
                () -> work.surveyor()
                        .survey(cluster)
                        .namedMaster(cluster.spec())
                        .filter(named -> !named.equals(before))
                        .isPresent());
        assertThat(shell(old, "systemctl is-active " + DATA_UNIT + " || true")).isEqualTo("failed");

        Ending again = work.apply(cluster);
        assertThat(again.status()).as(again.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.ledger().last(OperationState.class).steps())
                .extracting(StepState::id)
                .startsWith("r1/redis-server/follow", "r1/redis-server/start");
        assertThat(old.run("systemctl", "is-active", DATA_UNIT)).isEqualTo("active");
        assertThat(old.run("grep", "^replicaof ", DATA + "/redis.conf")).doesNotContain(old.address());
        assertThat(seen(cluster, "r1/redis-server").isReplica()).isTrue();
    }

    private void aSentinelThatIsKilledIsSystemdsToStart() {
        SystemdHost host = hosts.host(2);
        String before = host.run("systemctl", "show", "-p", "MainPID", "--value", SENTINEL_UNIT);
        host.run("systemctl", "kill", "--signal=KILL", SENTINEL_UNIT);
        Await.until("the Sentinel lives again", Duration.ofSeconds(30), () -> {
            String now = host.run("systemctl", "show", "-p", "MainPID", "--value", SENTINEL_UNIT);
            return !now.equals("0")
                    && !now.equals(before)
                    && shell(host, "systemctl is-active " + SENTINEL_UNIT + " || true")
                            .equals("active");
        });
    }

    private void whatAPersonStopsStaysStoppedAlsoAfterABoot(ClusterState cluster) {
        // A master that is back just when the others replace it is refused, and waits for an order.
        SystemdHost master = leader(cluster);
        SystemdHost host =
                hosts.all().stream().filter(each -> each != master).findFirst().orElseThrow();
        String name = "r" + (hosts.all().indexOf(host) + 1);
        InstanceId sentinel = new InstanceId(name + "/redis-sentinel");
        assertThat(step(cluster, make -> make.stop(member(cluster, sentinel), true, false, Duration.ofMinutes(1))))
                .isEqualTo("done");
        assertThat(host.run("stat", "-c", "%U %a", BASE + "/orders/redis-sentinel/stopped"))
                .isEqualTo("redis 600");
        host.cutPower();
        host.boot();
        Await.until(
                name + " answers",
                BACK_WITHIN,
                () -> work.surveyor().survey(cluster).unreached().isEmpty());
        assertThat(shell(host, "systemctl is-active " + SENTINEL_UNIT + " || true"))
                .isEqualTo("inactive");
        // The boot started it, as what the two other Sentinels name it, and nobody of ours.
        assertThat(host.run("systemctl", "is-active", DATA_UNIT)).isEqualTo("active");
        assertThat(host.run("journalctl", "-b", "-u", DATA_UNIT, "-o", "cat"))
                .contains("redfleet guard: starts as a replica of " + master.address());
        assertThat(step(cluster, make -> make.start(member(cluster, sentinel)))).isEqualTo("done");
        assertThat(host.run("systemctl", "is-active", SENTINEL_UNIT)).isEqualTo("active");
        assertThat(seen(cluster, name + "/redis-server").isReplica()).isTrue();
        Ending again = work.apply(cluster);
        assertThat(again.status()).as(again.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(host.run("systemctl", "is-active", DATA_UNIT)).isEqualTo("active");
    }

    private void aForeignUnitIsLeftAlone() {
        SystemdHost host = hosts.host(2);
        String foreign = "/etc/systemd/system/redfleet-billing-redis-server.service";
        shell(host, "printf '[Unit]\\nDescription=of somebody\\n' >" + foreign);
        Ending refused = work.apply(cluster("/srv/billing", "billing", 7000, 27000));
        assertThat(refused.status()).isEqualTo(Status.FAILED);
        assertThat(refused.reason()).contains("r2: systemd: " + foreign + " is not Redfleet's");
        assertThat(hosts.all())
                .allSatisfy(each -> assertThat(shell(each, "ls -d /srv/billing 2>/dev/null || true"))
                        .isEmpty());
        assertThat(host.run("cat", foreign)).contains("of somebody");
    }

    private void whenTheClusterGoesItsUnitsGo(ClusterState cluster) {
        assertThat(carriedOut(cluster, "decommission", survey -> Decommission.plan(cluster, survey, false)))
                .isEqualTo("done");
        for (SystemdHost host : hosts.all()) {
            assertThat(shell(
                            host,
                            "ls -d /etc/systemd/system/redfleet-orders-* /etc/logrotate.d/redfleet-orders " + BASE
                                    + "/orders/* 2>/dev/null || true"))
                    .isEmpty();
            assertThat(host.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "redfleet-orders-*"))
                    .isEmpty();
            assertThat(shell(host, "pgrep -u redis -x 'redis-.*' 2>/dev/null || true"))
                    .isEmpty();
            assertThat(shell(host, "getent passwd redis; getent group redis; ls " + BASE + "/bin 2>/dev/null || true"))
                    .as("of the user whom the first apply has made")
                    .isEmpty();
        }
    }

    private String step(ClusterState cluster, Function<StepMaker, Step> step) {
        return carriedOut(cluster, "step", survey -> {
            Step made = step.apply(new StepMaker(cluster.spec(), survey));
            return new Plan(List.of(List.of(made)), List.of(), List.of(), false);
        });
    }

    private String carriedOut(ClusterState cluster, String kind, Function<ClusterSurvey, Plan> planned) {
        return work.carriedOut(cluster, kind, planned).reason();
    }

    private InstanceSurvey seen(ClusterState cluster, String instance) {
        return work.surveyor()
                .survey(cluster)
                .instance(new InstanceId(instance))
                .orElseThrow();
    }

    private static Member member(ClusterState cluster, InstanceId id) {
        return cluster.spec().member(id).orElseThrow();
    }

    private ClusterState cluster(String base, String name, int redisPort, int sentinelPort) {
        Map<String, Object> sentinel = Map.of("port", sentinelPort, "failoverTimeout", "5s");
        return cluster(
                name, 1, THREE, Map.of("directory", base, "redis", Map.of("port", redisPort), "sentinel", sentinel));
    }
}
