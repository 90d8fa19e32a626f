package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned of Valkey, by what hosts say that they have and run. */
class ValkeyPlanTest {
    private static final String SHA256 = "0123456789abcdef".repeat(4);
    private static final String HAS_VALKEY = "binary=/usr/bin/valkey-server\nengine=valkey\nversion=8.1.1\n";
    /** By a package for compatibility. */
    private static final String AS_REDIS = "binary=/usr/bin/redis-server\nengine=valkey\nversion=8.1.1\n";

    private static final String HAS_REDIS = "binary=/usr/bin/redis-check-rdb\nengine=redis\nversion=7.0.15\n";

    /** What survey.sh says of the host's own Redis or Valkey. */
    private String binary = HAS_VALKEY;

    private String cli = "cli=/usr/bin/valkey-cli\n";

    /** What survey.sh says beside that, by host. */
    private final Map<String, String> surveys = new HashMap<>();

    /** Each script that was sent, with its arguments. */
    private final List<List<String>> sent = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"process", "systemd"})
    void whatAHostHasRunsByTheNamesThatMakeItWhatItIs(String service) {
        Plan plan = plan("valkey", "present", service, "8.1");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .hasSize(6)
                .allSatisfy(step ->
                        assertThat(((Action.Prepare) step.action()).binary()).isEqualTo("/usr/bin/valkey-server"));
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Start)
                .extracting(step -> step.action().place().program())
                .containsOnly("valkey-server", "valkey-sentinel");
        assertThat(sent)
                .filteredOn(words -> words.getFirst().equals("survey"))
                .hasSize(3)
                .allSatisfy(words -> assertThat(words.subList(0, 5))
                        .containsExactly("survey", "/var/lib/redfleet", "orders", "orders", "valkey"));
    }

    @Test
    void unitsRunItByTheSameNames() {
        Plan plan = plan("valkey", "present", "systemd", "");
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Unit)
                .hasSize(6)
                .allSatisfy(step -> assertThat(((Action.Unit) step.action()).content())
                        .containsPattern("ExecStart=\"/var/lib/redfleet/bin/valkey-(server|sentinel)\" \"")
                        .doesNotContain("/redis-server\" \"", "/redis-sentinel\" \""));
    }

    /** The service, where versions lie, where the wanted one is. */
    @ParameterizedTest
    @CsvSource({"systemd, /opt/valkey", "process, /var/lib/redfleet/opt-valkey"})
    void anArchiveOfItLiesBesideThoseOfRedisAndNotAmongThem(String service, String top) {
        binary = "binary=\n";
        Plan plan = plan("valkey", "archive", service, "8.1.1");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/archive/install", "r2/archive/install", "r3/archive/install");
        assertThat(plan.stages().getFirst().getFirst().action())
                .isInstanceOfSatisfying(TreeAction.Unpack.class, unpack -> {
                    assertThat(unpack.top()).isEqualTo(top);
                    assertThat(unpack.version()).isEqualTo("8.1.1");
                });
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .allSatisfy(step -> assertThat(((Action.Prepare) step.action()).binary())
                        .isEqualTo(top + "/8.1.1/bin/valkey-server"));
        assertThat(sent)
                .filteredOn(words -> words.getFirst().equals("archives"))
                .hasSize(3)
                .allSatisfy(words -> assertThat(words).containsExactly("archives", top, "valkey"));
    }

    /** What is wanted, what the host says of its binary, the obstacle. */
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            valkey |     | /usr/bin/redis-server 7.0.15 redis   | r1: /usr/bin/redis-server: is Redis 7.0.15, and spec.redis.engine is valkey
            redis  |     | /usr/bin/valkey-server 8.1.1 valkey  | r1: /usr/bin/valkey-server: is Valkey 8.1.1, and spec.redis.engine is redis
            redis  | 8.1 | /usr/bin/valkey-server 8.1.1 valkey  | r1: /usr/bin/valkey-server: is Valkey 8.1.1, and spec.redis.engine is redis
            valkey | 9   | /usr/bin/valkey-server 8.1.1 valkey  | r1: /usr/bin/valkey-server: is version 8.1.1, wanted is 9
            """)
    void aHostThatHasTheOtherIsNamed(String engine, @Nullable String version, String has, String obstacle) {
        String[] words = has.split(" ", -1);
        binary = "binary=" + words[0] + "\nversion=" + words[1] + "\nengine=" + words[2] + "\n";
        assertThat(plan(engine, "present", "process", version == null ? "" : version)
                        .obstacles())
                .extracting(Plan.Obstacle::toString)
                .contains(obstacle);
    }

    @Test
    void whatSaysNothingOfItselfIsTakenForWhatItIsCalled() {
        binary = "binary=/usr/bin/redis-server\nversion=7.0.15\n";
        assertThat(plan("redis", "present", "process", "").obstacles()).isEmpty();
    }

    @Test
    void aHostWithNeitherIsToldByTheNamesOfTheWantedOne() {
        binary = "binary=\n";
        cli = "cli=\n";
        assertThat(plan("valkey", "present", "process", "").obstacles())
                .extracting(Plan.Obstacle::toString)
                .contains(
                        "r1: valkey-server: no valkey-server and no valkey-check-rdb in PATH; install: present needs one",
                        "r1: tools: not found in PATH: valkey-cli");
        assertThat(plan("redis", "present", "process", "").obstacles())
                .extracting(Plan.Obstacle::toString)
                .contains(
                        "r1: redis-server: no redis-server and no redis-check-rdb in PATH; install: present needs one",
                        "r1: tools: not found in PATH: redis-cli");
    }

    /** What is wanted, what a data node says of itself, whether it is an obstacle. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            valkey | redis_version:7.2.4                      | runs Redis 7.2.4, and spec.redis.engine is valkey: neither loads all that the other writes
            redis  | redis_version:7.2.4 valkey_version:8.1.1 | runs Valkey 8.1.1, and spec.redis.engine is redis: neither loads all that the other writes
            valkey | redis_version:7.2.4 valkey_version:8.1.1 |
            redis  | redis_version:7.0.15                     |
            """)
    void oneThatRunsTheOtherIsAnObstacle(String engine, String says, @Nullable String obstacle) {
        binary = engine.equals("valkey") ? HAS_VALKEY : HAS_REDIS;
        surveys.put("r2", running(says));
        List<String> found = plan(engine, "present", "process", "").obstacles().stream()
                .map(Plan.Obstacle::toString)
                .toList();
        if (obstacle == null) {
            assertThat(found).noneMatch(word -> word.contains("spec.redis.engine"));
        } else {
            assertThat(found).contains("r2: redis-server: " + obstacle);
        }
    }

    /** Before a spec had a word for it such a cluster was managed, by the names that a package of its hosts gives Valkey. */
    @Test
    void aClusterThatIsTheOtherAsAWholeIsLeftSo() {
        binary = AS_REDIS;
        for (String host : List.of("r1", "r2", "r3")) {
            surveys.put(host, running("redis_version:7.2.4 valkey_version:8.1.1"));
        }
        Plan plan = plan("redis", "present", "process", "");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.notes()).contains("all of it is Valkey, and spec.redis.engine is redis: it is left so");
        surveys.remove("r2");
        surveys.remove("r3");
        assertThat(engines("present")).as("who is down says nothing").isEmpty();
    }

    @Test
    void oneThatIsTheOtherInPartIsNot() {
        binary = AS_REDIS;
        assertThat(engines("present")).as("nothing runs yet").hasSize(3);
        String valkey = running("redis_version:7.2.4 valkey_version:8.1.1");
        surveys.put("r1", valkey.replace("i.redis-server.conf=yes\n", ""));
        assertThat(engines("present")).as("what runs was not configured here").hasSize(4);
        surveys.put("r1", valkey);
        surveys.put("r2", running("redis_version:7.0.15"));
        assertThat(engines("present"))
                .as("one of them is Redis")
                .contains(
                        "r1: redis-server: runs Valkey 8.1.1, and spec.redis.engine is redis: neither loads all that the"
                                + " other writes");
        surveys.remove("r2");
        assertThat(engines("archive"))
                .as("what would be started comes out of an archive")
                .hasSize(1);
        binary = HAS_REDIS;
        assertThat(engines("present")).as("what would be started is Redis").hasSize(1);
    }

    /** The obstacles, of a spec that wants Redis, that are about what runs or would. */
    private List<String> engines(String install) {
        return plan("redis", install, "process", install.equals("archive") ? "8.0.2" : "").obstacles().stream()
                .map(Plan.Obstacle::toString)
                .filter(word -> word.contains("spec.redis.engine"))
                .toList();
    }

    /** The version of Redis that every Valkey says beside its own never changes, and says nothing. */
    @Test
    void anotherValkeyThanItsBinaryNeedsARestart() {
        for (String host : List.of("r1", "r2", "r3")) {
            surveys.put(host, running("redis_version:7.2.4 valkey_version:8.1.0"));
        }
        assertThat(plan("valkey", "present", "process", "").refused())
                .filteredOn(refused -> refused.diff().contains("+ runs Valkey 8.1.1"))
                .hasSize(3)
                .allSatisfy(refused ->
                        assertThat(refused.diff()).containsExactly("- runs Valkey 8.1.0", "+ runs Valkey 8.1.1"));
        for (String host : List.of("r1", "r2", "r3")) {
            surveys.put(host, running("redis_version:7.2.4 valkey_version:8.1.1"));
        }
        assertThat(plan("valkey", "present", "process", "").refused())
                .noneMatch(refused -> refused.diff().contains("+ runs Valkey 8.1.1"));
    }

    @Test
    void aNewNodeThatWouldBeAnOlderValkeyIsAnObstacle() {
        surveys.put("r1", running("redis_version:7.2.4 valkey_version:9.0.0"));
        assertThat(plan("valkey", "archive", "process", "8.1.1").obstacles())
                .extracting(Plan.Obstacle::toString)
                .anyMatch(word -> word.startsWith("r2: redis-server: is new and would run 8.1.1")
                        && word.contains("which cannot read the data of 9.0.0"));
    }

    /** A data node of ours that runs. */
    private static String running(String says) {
        StringBuilder text = new StringBuilder("""
                i.redis-server.owner=u1 orders/HOST/redis-server
                i.redis-server.revision=u1 1
                i.redis-server.conf=yes
                i.redis-server.pid=7
                i.redis-server.listening=yes
                i.redis-server.ping=PONG
                i.redis-server.info=role:master
                """);
        for (String field : says.split(" ", -1)) {
            text.append("i.redis-server.info=").append(field).append('\n');
        }
        return text.toString();
    }

    private Plan plan(String engine, String install, String service, String version) {
        sent.clear();
        ClusterState cluster = cluster(engine, install, service, version);
        Surveyor surveyor = new Surveyor(new Said(), Runnable::run, () -> Instant.EPOCH, state -> Accounts.NONE);
        return Planner.plan(cluster, surveyor.survey(cluster));
    }

    private static ClusterState cluster(String engine, String install, String service, String version) {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i, "directory", "/var/lib/redfleet"))
                .toList();
        Map<String, Object> redis = new HashMap<>(Map.of("engine", engine, "install", install, "version", version));
        if (install.equals("archive")) {
            redis.put("archive", Map.of("file", "valkey.tar.gz", "sha256", SHA256));
        }
        Map<String, Object> spec = Map.of("service", service, "redis", redis, "hosts", hosts);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                1,
                Phase.ACCEPTED,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }

    /** Hosts that say what a test has them say. */
    private final class Said implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            List<String> words = new ArrayList<>(List.of(script.name()));
            words.addAll(script.arguments());
            sent.add(words);
            String out = switch (script.name()) {
                case "units" -> "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
                case "archives" -> "archive.end=yes\n";
                case "survey" ->
                    "base=/var/lib/redfleet\nboot=b\nos=debian 12\nfree=1099511627776\nnow=0\n" + binary + cli
                            + surveys.getOrDefault(access.host(), "").replace("HOST", access.host())
                            + "end=yes\n";
                default -> throw new AssertionError("nobody asks for " + script.name());
            };
            return new Reply.Done(0, out, "");
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public String fingerprint(HostAccess access) {
            return "";
        }
    }
}
