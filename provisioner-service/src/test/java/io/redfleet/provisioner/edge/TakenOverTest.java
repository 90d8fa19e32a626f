package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.plan.Adoption;
import io.redfleet.provisioner.plan.Decommission;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.OwnAction;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that somebody built by hand is taken over where it lies, without a restart, and is managed from then on. */
@Timeout(300)
@Tag("long")
class TakenOverTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    LoopbackTrio trio;
    Handwork work;
    private SshHosts ssh;
    private ExecutorService workers;

    @BeforeEach
    void somebodyBuildsACluster() throws Exception {
        trio = new LoopbackTrio(directory.toRealPath());
        ssh = trio.ssh();
        workers = Executors.newFixedThreadPool(12);
        work = new Handwork(ssh, workers, accounts());
        for (int number = 1; number <= 3; number++) {
            redis(number);
        }
        for (int number = 2; number <= 3; number++) {
            int replica = number;
            Await.until("a replica in sync", SOON, () -> info(replica).contains("master_link_status:up"));
        }
        for (int number = 1; number <= 3; number++) {
            sentinel(number);
        }
        Await.until("Sentinels that know everybody", SOON, this::whole);
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        ssh.close();
        trio.close();
    }

    /** The passwords by which it is managed. */
    Function<ClusterState, Accounts> accounts() {
        return PlainLocksmith.accounts();
    }

    /** As its spec has it. */
    Map<String, Object> security() {
        return Map.of("acl", "off");
    }

    /** Of every instance, what it lets in by, and goes out by. */
    List<String> passwords(InstanceRole role) {
        return List.of();
    }

    /** What is asked there, by somebody whom it lets in. */
    RedisCall open(String address, int port) throws IOException {
        return RedisCall.open(address, port, Duration.ofSeconds(5));
    }

    @Test
    void itIsTakenOverWithoutARestartThenMendedAndStartedByItsOwnConfiguration() throws Exception {
        ClusterState cluster = cluster();
        Map<String, String> before = processes(cluster);
        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.obstacles()).isEmpty();
        assertThat(Adoption.forbidden(plan, true)).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof OwnAction.Adopt)
                .hasSize(6);
        assertThat(trio.host(1).home().resolve("orders"))
                .as("nothing is written for a plan")
                .doesNotExist();

        applied(cluster, "as the spec wants it");
        assertThat(processes(cluster)).as("pids and run ids").isEqualTo(before);
        applied(cluster, "nothing to change");
        assertThat(processes(cluster)).isEqualTo(before);

        drifts(cluster);
        assertThat(processes(cluster)).isEqualTo(before);
        comesBack(cluster);
        letGo(cluster);
    }

    @Test
    void everyInstanceIsRestartedByItsOwnConfigurationOneAfterTheOther() throws Exception {
        ClusterState cluster = cluster();
        applied(cluster, "as the spec wants it");
        Map<String, String> before = processes(cluster);
        Journal journal = work.journal(cluster, "roll");
        Ending ending = work.provisioning().roll(cluster, "", journal, () -> false);
        journal.finish(ending.status(), ending.reason());
        assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
        Map<String, String> after = processes(cluster);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((id, process) -> assertThat(process).as(id).isNotEqualTo(before.get(id)));
        for (Member member : cluster.spec().members()) {
            assertThat(info(member.endpoint().host(), member.endpoint().port()))
                    .as("%s", member.id())
                    .contains("config_file:" + conf(member) + "\r\n");
            assertThat(Files.isSymbolicLink(linked(member))).isTrue();
        }
        applied(cluster, "nothing to change");
    }

    @Test
    void whereOneIsAwayNothingIsWrittenAnywhere() throws Exception {
        ClusterState cluster = cluster();
        ProcessHandle.of(pid(3, "redis-server")).orElseThrow().destroyForcibly();
        Await.until("it is gone", SOON, () -> info(3).isEmpty());
        Ending ending = work.apply(cluster);
        assertThat(ending.status()).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).contains("r3: redis-server: is not taken over: no Redis of");
        for (int number = 1; number <= 3; number++) {
            assertThat(trio.host(number).home().resolve("orders")).doesNotExist();
        }
        assertThat(info(3)).as("nor is it started").isEmpty();
    }

    /** Somebody changes a setting by hand. */
    private void drifts(ClusterState cluster) throws Exception {
        try (RedisCall replica = call(2, trio.redisPort(2))) {
            assertThat(replica.call("CONFIG", "SET", "replica-priority", "50")).isEqualTo("OK");
        }
        assertThat(work.provisioning().plan(cluster).steps())
                .singleElement()
                .satisfies(step -> assertThat(step.id()).isEqualTo("r2/redis-server/settings"));
        applied(cluster, "as the spec wants it");
        try (RedisCall replica = call(2, trio.redisPort(2))) {
            assertThat(replica.call("CONFIG", "GET", "replica-priority")).isEqualTo(List.of("replica-priority", "100"));
        }
    }

    /** One that dies is started as its builder would. */
    private void comesBack(ClusterState cluster) throws Exception {
        long old = pid(2, "redis-server");
        ProcessHandle.of(old).orElseThrow().destroyForcibly();
        Await.until("it is gone", SOON, () -> info(2).isEmpty());
        assertThat(work.provisioning().plan(cluster).steps())
                .extracting(Step::id)
                .contains("r2/redis-server/start");
        applied(cluster, "as the spec wants it");
        assertThat(pid(2, "redis-server")).isNotEqualTo(old);
        Member member = cluster.spec().member(new InstanceId("r2/redis-server")).orElseThrow();
        assertThat(info(2)).contains("config_file:" + conf(member) + "\r\n", "role:slave");
        assertThat(Files.isSymbolicLink(linked(member))).isTrue();
        assertThat(Files.readSymbolicLink(linked(member))).isEqualTo(conf(member));
    }

    private void letGo(ClusterState cluster) throws Exception {
        Map<String, String> before = processes(cluster);
        Ending ending = work.carriedOut(cluster, "decommission", seen -> Decommission.plan(cluster, seen, Fate.KEPT));
        assertThat(ending.reason()).isEqualTo("done");
        assertThat(processes(cluster)).as("it goes on").isEqualTo(before);
        for (Member member : cluster.spec().members()) {
            assertThat(trio.directory(member.id())).doesNotExist();
            assertThat(conf(member)).exists();
        }
        try (RedisCall sentinel = call(1, trio.sentinelPort(1))) {
            assertThat((String) sentinel.call("SENTINEL", "CKQUORUM", "orders")).startsWith("OK");
        }
    }

    void applied(ClusterState cluster, String reason) {
        Ending ending = work.apply(cluster);
        assertThat(ending.reason()).isEqualTo(reason);
        assertThat(ending.status()).isEqualTo(Status.SUCCEEDED);
    }

    /** As its spec stands once it has been observed and is taken over. */
    ClusterState cluster() {
        Map<String, Object> document = trio.document(Map.of());
        Map<?, ?> said = (Map<?, ?>) Objects.requireNonNull(document.get("spec"));
        Map<String, Object> spec = new LinkedHashMap<>();
        said.forEach((key, value) -> spec.put(String.valueOf(key), value));
        List<Object> hosts = new ArrayList<>();
        int number = 1;
        for (Object each : (List<?>) Objects.requireNonNull(spec.get("hosts"))) {
            Map<String, Object> host = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((key, value) -> host.put(String.valueOf(key), value));
            host.put("instances", instances(number++));
            hosts.add(host);
        }
        spec.put("hosts", hosts);
        spec.put("security", security());
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        ClusterSpec read = ((SpecReader.Good) reading).spec();
        assertThat(read.adopted()).isTrue();
        return new ClusterState(
                ClusterState.SCHEMA, new ClusterUid("u1"), 2, Phase.ACCEPTED, "", Instant.EPOCH, read, 1L);
    }

    private List<Object> instances(int number) {
        return List.of(
                Map.of(
                        "role",
                        "redis",
                        "port",
                        trio.redisPort(number),
                        "at",
                        Map.of("config", "" + own(number, "redis-server").resolve("redis.conf"))),
                Map.of(
                        "role",
                        "sentinel",
                        "port",
                        trio.sentinelPort(number),
                        "at",
                        Map.of("config", "" + own(number, "redis-sentinel").resolve("sentinel.conf"))));
    }

    private void redis(int number) throws Exception {
        int port = trio.redisPort(number);
        List<String> lines = new ArrayList<>(usual(number, "redis-server", port));
        lines.addAll(List.of(
                "replica-announce-ip " + address(number),
                "replica-announce-port " + port,
                "repl-diskless-sync-delay 0",
                "appendonly no",
                "save \"\""));
        lines.addAll(passwords(InstanceRole.REDIS));
        if (number > 1) {
            lines.add("replicaof " + address(1) + " " + trio.redisPort(1));
        }
        begin(number, "redis-server", "redis.conf", lines);
        Await.until("it answers", SOON, () -> !info(number).isEmpty());
    }

    private void sentinel(int number) throws Exception {
        int port = trio.sentinelPort(number);
        List<String> lines = new ArrayList<>(usual(number, "redis-sentinel", port));
        lines.addAll(List.of(
                "sentinel announce-ip " + address(number),
                "sentinel announce-port " + port,
                "sentinel monitor orders " + address(1) + " " + trio.redisPort(1) + " 2",
                "sentinel down-after-milliseconds orders 3000",
                "sentinel failover-timeout orders 6000",
                "sentinel parallel-syncs orders 1"));
        lines.addAll(passwords(InstanceRole.SENTINEL));
        begin(number, "redis-sentinel", "sentinel.conf", lines);
    }

    private List<String> usual(int number, String name, int port) {
        Path own = own(number, name);
        return List.of(
                "bind " + address(number),
                "port " + port,
                "protected-mode no",
                "daemonize yes",
                "pidfile " + own.resolve("redis.pid"),
                "logfile " + own.resolve("my.log"),
                "dir " + own);
    }

    private void begin(int number, String name, String file, List<String> lines) throws Exception {
        Path own = Files.createDirectories(own(number, name));
        Path conf = Files.writeString(own.resolve(file), String.join("\n", lines) + "\n");
        Path binary = name.equals("redis-server") ? RedisBinaries.server() : RedisBinaries.sentinel();
        Process started = new ProcessBuilder("" + binary, "" + conf)
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("start.out").toFile())
                .start();
        assertThat(started.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private boolean whole() {
        for (int number = 1; number <= 3; number++) {
            String said = info(address(number), trio.sentinelPort(number));
            if (!said.contains("status=ok,address=" + address(1) + ":" + trio.redisPort(1) + ",slaves=2,sentinels=3")) {
                return false;
            }
        }
        return true;
    }

    /** Of every instance, its pid and its run id. */
    private Map<String, String> processes(ClusterState cluster) {
        Map<String, String> processes = new TreeMap<>();
        for (Member member : cluster.spec().members()) {
            String said = info(member.endpoint().host(), member.endpoint().port());
            List<String> told = said.lines()
                    .filter(line -> line.startsWith("process_id:") || line.startsWith("run_id:"))
                    .toList();
            assertThat(told).as("%s", member.id()).hasSize(2);
            processes.put(member.id().value(), String.join(" ", told));
        }
        return processes;
    }

    private Path own(int number, String name) {
        return trio.host(number).home().resolve("own").resolve(name);
    }

    private Path conf(Member member) {
        int number = Integer.parseInt(member.id().host().value().substring(1));
        return own(number, member.id().name()).resolve(file(member));
    }

    private Path linked(Member member) {
        return trio.directory(member.id()).resolve(file(member));
    }

    private static String file(Member member) {
        return member.role() == InstanceRole.REDIS ? "redis.conf" : "sentinel.conf";
    }

    private long pid(int number, String name) throws IOException {
        return Long.parseLong(
                Files.readString(own(number, name).resolve("redis.pid")).strip());
    }

    private String address(int number) {
        return trio.host(number).address();
    }

    private RedisCall call(int number, int port) throws IOException {
        return open(address(number), port);
    }

    /** Of the data node on that host; nothing if it does not answer. */
    private String info(int number) {
        return info(address(number), trio.redisPort(number));
    }

    private String info(String address, int port) {
        try (RedisCall call = open(address, port)) {
            return String.valueOf(call.call("INFO"));
        } catch (IOException away) {
            return "";
        }
    }
}
