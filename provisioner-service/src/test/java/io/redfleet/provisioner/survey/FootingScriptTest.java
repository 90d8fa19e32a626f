package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What survey.sh says of what a host's instances stand on, with a real shell. The host's PATH has every program of this machine but
 * those that say whether its clock follows another one.
 */
@Timeout(60)
class FootingScriptTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final List<String> KEEPERS = List.of("chronyc", "timedatectl");
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final InstanceId REDIS = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");

    /** What every host has, and no test writes to. */
    @TempDir
    static Path shared;

    @TempDir
    Path base;

    @TempDir
    Path programs;

    private int port;
    private String sentinel = "redis-sentinel";
    /** What is said of the data node before its name: that it was built by somebody else, and how it is started. */
    private List<String> own = List.of();

    @BeforeAll
    static void theProgramsOfThisMachine() throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/usr/bin"))) {
            for (Path program : all) {
                String name = program.getFileName().toString();
                if (!KEEPERS.contains(name)) {
                    Files.createSymbolicLink(shared.resolve(name), program);
                }
            }
        }
    }

    @BeforeEach
    void aHostWhoseClockNobodyKeeps() throws IOException {
        for (String keeper : KEEPERS) {
            Path there = Path.of("/usr/local/bin", keeper);
            assumeTrue(!Files.exists(there), "scripts find " + there + " on this machine");
        }
        port = FreePort.choose();
    }

    @Test
    void aHostSaysHowMuchMemoryItHasAndHowMuchRoomThereIsForData() throws Exception {
        Footing none = footing();
        assertThat(none.memoryBytes()).isGreaterThan(1L << 20);
        assertThat(none.clock()).isEqualTo(Footing.Clock.UNKNOWN);
        assertThat(none.rooms()).as("a directory that is still to be made").containsOnlyKeys(REDIS);
        assertThat(none.rooms().get(REDIS)).satisfies(room -> {
            assertThat(room.freeBytes()).isPositive();
            assertThat(room.heldBytes()).isZero();
            assertThat(room.mount()).startsWith("/");
        });

        byte[] content = new byte[3 << 20];
        new Random(1).nextBytes(content);
        Path data = Files.createDirectories(base.resolve("elsewhere/appendonlydir"));
        Files.write(data.resolve("appendonly.aof.1.base.rdb"), content);
        Files.createDirectories(base.resolve("orders/redis-server"));
        Files.createSymbolicLink(base.resolve("orders/redis-server/data"), base.resolve("elsewhere"));
        assertThat(footing().rooms().get(REDIS))
                .satisfies(room -> assertThat(room.heldBytes()).isBetween(3L << 20, 8L << 20));
    }

    @Test
    void aSentinelIsKnownByTheIdInItsFile() throws Exception {
        Path conf = write("orders/redis-sentinel/sentinel.conf", "port 1\nsentinel deny-scripts-reconfig yes\n");
        assertThat(footing().ids()).isEmpty();
        assertThat(joined()).isFalse();
        Files.writeString(conf, "port 1\nsentinel myid " + A + "\nsentinel myid " + B + "\n");
        assertThat(footing().ids()).containsEntry(SENTINEL, A);
        assertThat(joined()).isTrue();
    }

    /** Where it has links of its own, those are what counts. */
    @Test
    void ofWhoHasAMarkItIsSaidThatTheLinkOfItsNextStartLeadsNowhere() throws Exception {
        Path server = base.resolve("bin/redis-server");
        assertThat(unlinked()).as("nobody has a mark").isEmpty();
        write("orders/redis-server/owner", "u1 orders/r1/redis-server\n");
        write("orders/redis-sentinel/owner", "u1 orders/r1/redis-sentinel\n");
        assertThat(unlinked()).containsExactly("redis-server", "redis-sentinel");
        Files.createDirectories(base.resolve("bin"));
        Files.createSymbolicLink(base.resolve("bin/redis-sentinel"), Path.of("/bin/sh"));
        Files.createSymbolicLink(server, base.resolve("gone"));
        assertThat(unlinked()).containsExactly("redis-server");
        Files.delete(server);
        Files.createSymbolicLink(server, Path.of("/bin/sh"));
        assertThat(unlinked()).isEmpty();
        Files.createDirectories(base.resolve("orders/redis-server/bin"));
        assertThat(unlinked()).containsExactly("redis-server");
        own = List.of("own", "/etc/redis/redis.conf", "-", "-");
        assertThat(unlinked()).as("one that was taken over").containsExactly("redis-server");
        own = List.of("own", "/etc/redis/redis.conf", "redis-server.service", "-");
        assertThat(unlinked()).as("and is started by its builder's unit").isEmpty();
    }

    /** Lines of its file, and which cluster has left a note; whether this one counts as known there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            sentinel myid ID                                            | ''      | false
            sentinel myid ID,sentinel monitor billing 10.0.0.1 6379 2   | ''      | false
            sentinel myid ID,sentinel monitor orders 10.0.0.1 6379 2    | ''      | true
            sentinel myid ID,sentinel monitor "orders" 10.0.0.1 1 2     | ''      | true
            sentinel myid ID                                            | orders  | true
            sentinel myid ID                                            | billing | false
            sentinel monitor orders 10.0.0.1 6379 2                     | ''      | false
            """)
    void oneThatSeveralClustersShareKnowsThisOneByItsFileOrByANote(String lines, String note, boolean joined)
            throws Exception {
        sentinel = "group.ring/redis-sentinel";
        write(sentinel + "/owner", "group ring/redis-sentinel\n");
        write(sentinel + "/sentinel.conf", lines.replace("ID", A).replace(",", "\n") + "\n");
        if (!note.isEmpty()) {
            write(sentinel + "/members/" + note, note + " 10.0.0.11:26379\n");
        }
        assertThat(joined()).isEqualTo(joined);
        GroupSurvey group = footing().groups().getOrDefault(SENTINEL, GroupSurvey.NONE);
        assertThat(group.notes().keySet()).isEqualTo(note.isEmpty() ? Set.of() : Set.of(note));
        group.notes()
                .values()
                .forEach(each -> assertThat(each).isEqualTo(new GroupSurvey.Note(note, "10.0.0.11:26379", "")));
        assertThat(group.watches().containsKey("orders")).isEqualTo(lines.contains("orders"));
        assertThat(group.watches().values()).allMatch(at -> at.matches("10\\.0\\.0\\.1:[0-9]+"));
        assertThat(footing().beside())
                .as("by its mark it is known to be no stranger")
                .allMatch(one -> one.mark().equals("group ring/redis-sentinel"));
    }

    @Test
    void oneThatAnswersIsKnownByWhatItAnswers() throws Exception {
        Path home = base.resolve("orders/redis-sentinel");
        Path data = Files.createDirectories(home.resolve("data"));
        Path program = Files.createSymbolicLink(
                base.resolve("redis-sentinel"), RedisBinaries.sentinel().toRealPath());
        Path conf = write(
                "orders/redis-sentinel/sentinel.conf",
                "bind 127.0.0.1\nport " + port + "\nprotected-mode no\ndir " + data + "\npidfile "
                        + home.resolve("redis.pid") + "\n");
        Child child = Child.start(List.of("" + program, "" + conf), home, base.resolve("log"));
        try {
            Await.until("an id", SOON, () -> live().matches("[0-9a-f]{40}"));
            String live = live();
            Await.until("a file with it", SOON, () -> read(conf).contains(live));
            // What a person has put there since is not what it goes by.
            Files.writeString(conf, read(conf).replace(live, A));
            assertThat(said()).contains("i.redis-sentinel.liveid=" + live + "\n", "i.redis-sentinel.myid=" + A + "\n");
            assertThat(footing().ids()).containsEntry(SENTINEL, live);
        } finally {
            child.kill9();
        }
        assertThat(footing().ids()).containsEntry(SENTINEL, A);
    }

    @Test
    void ofOtherClustersBelowTheSameDirectoryTheBoundsAndIdsAreSaid() throws Exception {
        write("carts/redis-server/redis.conf", "port 1\nmaxmemory-policy noeviction\nmaxmemory 64mb\n");
        write("carts/redis-server/owner", "u2 carts/r1/redis-server\n");
        write("carts/redis-sentinel/sentinel.conf", "port 2\nsentinel myid " + B + "\n");
        write("carts/redis-sentinel/owner", "u2 carts/r1/redis-sentinel\n");
        // Its own, one that is nobody's, one that was removed, and what is no configuration.
        write("orders/redis-server/redis.conf", "maxmemory 1gb\n");
        write("orders/redis-server/owner", "u1 orders/r1/redis-server\n");
        write("strange/redis-server/redis.conf", "maxmemory 2gb\n");
        write("gone/redis-server/redis.conf", "maxmemory 4gb\n");
        write("gone/redis-server/owner", "u4 gone/r1/redis-server\n");
        write("gone/redis-server/retired", "");
        Files.createDirectories(base.resolve("odd/redis-server/redis.conf"));
        write("odd/redis-server/owner", "u5 odd/r1/redis-server\n");
        assertThat(footing().beside())
                .containsExactlyInAnyOrder(
                        new Footing.Neighbour("u2 carts/r1/redis-server", 64L << 20, ""),
                        new Footing.Neighbour("u2 carts/r1/redis-sentinel", 0, B));
    }

    /** What chronyc says, what timedatectl says, and what comes of it; nothing: it is not there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Leap status     : Normal           | ''                  | FOLLOWS | chronyc
            Leap status     : Insert second    | NTPSynchronized=no  | FOLLOWS | chronyc
            Leap status     : Not synchronised | NTPSynchronized=yes | ALONE   | chronyc
            506 Cannot talk to daemon          | NTPSynchronized=yes | FOLLOWS | timedatectl
            506 Cannot talk to daemon          | NTPSynchronized=no  | ALONE   | timedatectl
            506 Cannot talk to daemon          | ''                  | UNKNOWN | ''
            ''                                 | NTPSynchronized=no  | ALONE   | timedatectl
            ''                                 | Failed to connect   | UNKNOWN | ''
            """)
    void whoeverKeepsTheClockSaysWhetherItFollowsAnother(
            String chronyc, String timedatectl, Footing.Clock.Word word, String by) throws Exception {
        Path container = Path.of("/run/systemd/container");
        assumeTrue(
                !Files.exists(container) || !by.equals("timedatectl"),
                container + " is there: nobody asks timedatectl");
        program("chronyc", chronyc);
        program("timedatectl", timedatectl);
        assertThat(footing().clock()).isEqualTo(new Footing.Clock(word, by));
    }

    /** Nobody waits for one that hangs: two seconds at most for both. */
    @Test
    void aKeeperThatHangsIsLeft() throws Exception {
        for (String keeper : KEEPERS) {
            script(keeper, "exec sleep 60\n");
        }
        long begun = System.nanoTime();
        assertThat(footing().clock()).isEqualTo(Footing.Clock.UNKNOWN);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    }

    private Path write(String path, String content) throws IOException {
        Path file = base.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String live() {
        try (RedisCall call = RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5))) {
            return String.valueOf(call.call("SENTINEL", "MYID"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private void program(String name, String says) throws IOException {
        if (!says.isEmpty()) {
            script(name, "echo '" + says + "'\n");
        }
    }

    private void script(String name, String body) throws IOException {
        Path program = Files.writeString(programs.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> unlinked() throws Exception {
        String said = said();
        return Stream.of("redis-server", "redis-sentinel")
                .filter(name -> SurveyText.instance(said, name).unlinked())
                .toList();
    }

    private boolean joined() throws Exception {
        return SurveyText.instance(said(), "redis-sentinel").joined();
    }

    private Footing footing() throws Exception {
        Endpoint endpoint = new Endpoint("127.0.0.1", port);
        HostSpec host = new HostSpec(
                new HostName("r1"),
                "127.0.0.1",
                "",
                new SshSpec("ops", 22, "ops", null),
                "redfleet",
                List.of(
                        new InstanceSpec("redis-server", InstanceRole.REDIS, port, 100, endpoint),
                        new InstanceSpec("redis-sentinel", InstanceRole.SENTINEL, port, 100, endpoint)));
        return SurveyText.read(host, said(), Instant.EPOCH).orElseThrow().footing();
    }

    private String said() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("" + base, "orders", "orders"));
        arguments.addAll(own);
        arguments.addAll(List.of("redis", "redis-server", "127.0.0.1", "1"));
        arguments.addAll(List.of("sentinel", sentinel, "127.0.0.1", "" + port));
        Script script = Scripts.of(Surveyor.class, "survey", SOON, arguments);
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-s", "--"));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PATH", programs + ":" + shared);
        Process shell = builder.start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
