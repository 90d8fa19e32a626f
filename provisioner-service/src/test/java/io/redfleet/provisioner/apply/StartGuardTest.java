package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RealMonit;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A supervisor that starts a killed master again before the Sentinels have replaced it, of a cluster that keeps nothing on disk:
 * it comes up empty, and its replicas follow it there. With the start guard before it, every key stays. No Redfleet runs.
 */
@Tag("long")
@Timeout(900)
class StartGuardTest {
    private static final int RUNS = 20;
    /** Of a supervisor without the guard: where it comes later than the Sentinels, it loses nothing. */
    private static final int UNGUARDED_MOST = 5;

    /** Monit looks every second, and the Sentinels wait two before they begin: on a busy machine it is not always the first. */
    private static final int EARLY_LEAST = RUNS / 4;

    private static final int KEYS = 200;
    private static final Duration RESTART_AFTER = Duration.ofMillis(500);
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);
    /** Twice this lies between two failovers of one master. */
    private static final Duration FAILOVER_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration SETTLES_WITHIN = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final Map<RedisNode, Path> nodes = new LinkedHashMap<>();
    private final List<SentinelNode> sentinels = new ArrayList<>();
    private Optional<RealMonit> monit = Optional.empty();

    @BeforeEach
    void aClusterWithKeys() throws Exception {
        RedisNode master = node(Optional.empty());
        node(Optional.of(master));
        node(Optional.of(master));
        SentinelNode.Watch watch = new SentinelNode.Watch("orders", 2, DOWN_AFTER, FAILOVER_TIMEOUT);
        for (int i = 0; i < 3; i++) {
            sentinels.add(SentinelNode.start(master, watch));
        }
        settle();
        for (int key = 0; key < KEYS; key++) {
            master.say("SET", "k" + key, "" + key);
        }
        everyNodeHas(KEYS);
    }

    @AfterEach
    void end() throws Exception {
        monit.ifPresent(RealMonit::end);
        sentinels.forEach(SentinelNode::close);
        for (Map.Entry<RedisNode, Path> node : nodes.entrySet()) {
            // One that Monit has started is nobody's child.
            byPidFile(node.getValue()).ifPresent(ProcessHandle::destroyForcibly);
            node.getKey().close();
        }
    }

    @Test
    void withoutTheGuardTheKeysAreLost() throws Exception {
        RedisNode master = master();
        master.kill9();
        Await.moment(RESTART_AFTER);
        master.restart();
        everyNodeHas(0);
    }

    @Test
    void withTheGuardEveryKeyStays() throws Exception {
        int refused = 0;
        for (int run = 1; run <= RUNS; run++) {
            RedisNode old = master();
            GuardRun guard = guard(old);
            old.kill9();
            forgets(old);
            int before = refused;
            Await.moment(RESTART_AFTER);
            while (!allowed(old, guard)) {
                refused++;
                Await.moment(RESTART_AFTER);
            }
            assertThat(refused)
                    .as("run %d: it came too early, and was told so", run)
                    .isGreaterThan(before);
            old.restart();
            comesBackAsAReplica(old, run);
        }
        System.out.printf("start guard: %d masters killed, %d starts refused, no key lost%n", RUNS, refused);
    }

    @Test
    void withTheGuardMonitLosesNothingEither() throws Exception {
        monitWatches(true);
        int early = 0;
        for (int run = 1; run <= RUNS; run++) {
            RedisNode old = master();
            long before = refusals();
            killedAndStartedAgain(old);
            comesBackAsAReplica(old, run);
            early += refusals() > before ? 1 : 0;
        }
        System.out.printf(
                "start guard: %d masters killed beside Monit, in %d runs it came too early and was refused, %d refusals in all,"
                        + " every key kept in %d of %d%n",
                RUNS, early, refusals(), RUNS, RUNS);
        assertThat(early)
                .as("runs in which Monit was faster than the Sentinels: without those nothing is shown")
                .isGreaterThanOrEqualTo(EARLY_LEAST);
    }

    /** Starts of Monit's that the guard has refused so far. */
    private long refusals() throws IOException {
        Path starts = directory.resolve("monit/starts");
        return Files.exists(starts)
                ? Files.readString(starts)
                        .lines()
                        .filter(line -> line.contains("not started"))
                        .count()
                : 0;
    }

    @Test
    void withoutTheGuardMonitLosesTheKeys() throws Exception {
        monitWatches(false);
        for (int kill = 1; kill <= UNGUARDED_MOST; kill++) {
            killedAndStartedAgain(master());
            settle();
            if (master().ask("DBSIZE").filter("0"::equals).isPresent()) {
                everyNodeHas(0);
                System.out.printf("start guard: without it all keys lost beside Monit, by kill %d%n", kill);
                return;
            }
        }
        throw new AssertionError("no key was lost in " + UNGUARDED_MOST + " kills beside Monit without the guard");
    }

    /** Kills it and waits until Monit has started another process in its place. */
    private void killedAndStartedAgain(RedisNode node) throws IOException {
        Path home = home(node);
        ProcessHandle process = byPidFile(home).orElseThrow();
        // Before Monit looks again, which takes it a second.
        process.destroyForcibly();
        process.onExit().join();
        forgets(node);
        Await.until(
                "Monit has it started again",
                SETTLES_WITHIN,
                () -> byPidFile(home).filter(now -> now.pid() != process.pid()).isPresent());
    }

    /** @param guarded whether the article's start program asks the guard first */
    private void monitWatches(boolean guarded) throws IOException {
        monit = RealMonit.in(Files.createDirectories(directory.resolve("monit")));
        assumeTrue(monit.isPresent(), RealMonit.MISSING);
        // A start that is refused keeps Monit waiting for 30 s unless it is told otherwise.
        StringBuilder control = new StringBuilder("""
                set daemon 1
                set limits { startTimeout: 5 seconds }
                set pidfile %1$s/monit.pid
                set idfile %1$s/id
                set statefile %1$s/state
                """.formatted(directory.resolve("monit")));
        for (Map.Entry<RedisNode, Path> node : nodes.entrySet()) {
            String asked = guarded ? "sh " + guard(node.getKey()).written() + " || exit 1" : "";
            control.append(article(node.getKey(), node.getValue(), asked));
        }
        monit.orElseThrow().begin(control.toString());
    }

    /**
     * The article's file, by what the node is called here.
     *
     * @param asked what its start program asks first, as a unit does
     */
    private String article(RedisNode node, Path home, String asked) throws IOException {
        Path start = Files.writeString(home.resolve("start"), """
                #!/bin/sh
                exec 2>>%1$s
                cp %2$s %3$s/redis.conf
                %4$s
                cp %3$s/redis.conf %2$s
                exec %5$s %2$s --daemonize yes
                """.formatted(
                        directory.resolve("monit/starts"), node.configFile(), home, asked, node.binary()));
        Path stop =
                Files.writeString(home.resolve("stop"), "#!/bin/sh\nkill \"$(cat %s/redis.pid)\"\n".formatted(home));
        for (Path program : List.of(start, stop)) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        }
        return """
                check process redis-%1$d
                    with pidfile "%2$s/redis.pid"
                    start program = "%2$s/start"
                    stop program = "%2$s/stop"
                    if failed host 127.0.0.1 port %1$d then restart
                    if 5 restarts within 5 cycles then timeout
                """.formatted(node.port(), home);
    }

    private boolean allowed(RedisNode node, GuardRun guard) throws Exception {
        Path conf = guard.instance().resolve("redis.conf");
        Files.copy(node.configFile(), conf, StandardCopyOption.REPLACE_EXISTING);
        boolean starts = guard.run().starts();
        Files.copy(conf, node.configFile(), StandardCopyOption.REPLACE_EXISTING);
        return starts;
    }

    private GuardRun guard(RedisNode node) {
        List<Endpoint> asked = sentinels.stream()
                .map(one -> new Endpoint(one.host(), one.port()))
                .toList();
        return new GuardRun(home(node), new Endpoint(node.host(), node.port()), "", asked);
    }

    private void comesBackAsAReplica(RedisNode old, int run) {
        Await.until(
                "the old master follows, run " + run,
                SETTLES_WITHIN,
                () -> old.ask("ROLE").filter(role -> role.startsWith("slave")).isPresent());
        settle();
        assertThat(master()).as("run %d", run).isNotSameAs(old);
        everyNodeHas(KEYS);
    }

    /** Every Sentinel names the same master, has no failover on the way, and everybody else follows that one. */
    private void settle() {
        Await.until("a cluster that is whole", SETTLES_WITHIN, () -> {
            List<Optional<Integer>> named =
                    sentinels.stream().map(SentinelNode::masterPort).distinct().toList();
            return named.size() == 1
                    && named.getFirst().isPresent()
                    && sentinels.stream().allMatch(one -> one.knows(2, 2) && !failsOver(one))
                    && nodes.keySet().stream()
                            .filter(node -> node.port() != named.getFirst().get())
                            .allMatch(node -> node.ask("INFO", "replication")
                                    .filter(info -> info.contains("master_link_status:up"))
                                    .isPresent());
        });
    }

    private static boolean failsOver(SentinelNode sentinel) {
        return sentinel.ask("SENTINEL", "master", "orders")
                .filter(said -> !said.contains("failover_in_progress"))
                .isEmpty();
    }

    private RedisNode master() {
        return Await.value(
                "a master that all name",
                SETTLES_WITHIN,
                () -> nodes.keySet().stream()
                        .filter(node -> sentinels.stream()
                                .allMatch(one -> one.masterPort().equals(Optional.of(node.port()))))
                        .findFirst());
    }

    private void everyNodeHas(int keys) {
        for (RedisNode node : nodes.keySet()) {
            Await.until(
                    node.address() + " has " + keys + " keys",
                    SETTLES_WITHIN,
                    () -> node.ask("DBSIZE").filter(("" + keys)::equals).isPresent());
        }
    }

    private RedisNode node(Optional<RedisNode> master) throws IOException {
        Path home = Files.createDirectories(directory.resolve("node-" + nodes.size()));
        Path data = Files.createDirectories(home.resolve("data"));
        String[] lines = {"dir " + data, "pidfile " + home.resolve("redis.pid")};
        RedisNode node = master.map(one -> RedisNode.replicaOf(one, lines)).orElseGet(() -> RedisNode.start(lines));
        nodes.put(node, home);
        return node;
    }

    /** A replica keeps the file that it was synced by, which would save what the guard is to save. */
    private void forgets(RedisNode node) throws IOException {
        Files.deleteIfExists(home(node).resolve("data/dump.rdb"));
    }

    private Path home(RedisNode node) {
        return Optional.ofNullable(nodes.get(node)).orElseThrow();
    }

    private static Optional<ProcessHandle> byPidFile(Path home) {
        Path file = home.resolve("redis.pid");
        try {
            String pid = Files.exists(file) ? Files.readString(file).strip() : "";
            return pid.isEmpty()
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
