package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.FreePort;
import io.redfleet.testkit.RedisBinaries;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The scripts by which a cluster joins and leaves a Sentinel that another has made, against a real one. */
@Timeout(120)
class GroupScriptsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String OWNER = "group ring/redis-sentinel";
    private static final String SENTINELS = "127.0.0.1:26379";
    private static final Login GROUP = new Login("group", Secret.of("pw-of-the-group"));
    private static final Accounts FIRST = accounts("first");
    private static final Accounts SECOND = accounts("second");

    @TempDir
    Path base;

    private Path home;
    private Child sentinel;
    private RedisNode master;
    private int port;

    @BeforeEach
    void aSentinelThatTheFirstClusterHasMade() throws Exception {
        port = FreePort.choose();
        master = RedisNode.start();
        home = Files.createDirectories(base.resolve("group.ring/redis-sentinel"));
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("owner"), OWNER + "\n");
        Files.writeString(home.resolve(UsersFile.NAME), UsersFile.sentinel(FIRST));
        Path conf = Files.write(
                home.resolve("sentinel.conf"),
                List.of(
                        "bind 127.0.0.1",
                        "port " + port,
                        "dir " + home.resolve("data"),
                        "aclfile " + home.resolve(UsersFile.NAME),
                        "sentinel monitor first 127.0.0.1 " + master.port() + " 1"));
        sentinel =
                Child.start(List.of(RedisBinaries.sentinel().toString(), conf.toString()), home, home.resolve("out"));
        Await.until("the first cluster is let in", SOON, () -> enters("admin", "first"));
    }

    @AfterEach
    void end() throws Exception {
        sentinel.kill9();
        master.close();
    }

    @Test
    void theSecondClusterGetsInBesideTheFirstAndThatIsWrittenDown() throws Exception {
        assertThat(enters("admin", "second")).isFalse();
        assertThat(enter(SECOND)).isEqualTo("0 changed");
        for (String user : List.of("admin", "probe", "application")) {
            assertThat(enters(user, "first")).as("%s of the first", user).isTrue();
            assertThat(enters(user, "second")).as("%s of the second", user).isTrue();
        }
        assertThat(enter(SECOND)).as("again").isEqualTo("0 changed");
        String users = Files.readString(home.resolve(UsersFile.NAME));
        assertThat(users).contains("user group on #" + GROUP.password().hash());
        for (Purpose purpose : List.of(Purpose.ADMIN, Purpose.PROBE, Purpose.APPLICATION)) {
            assertThat(users)
                    .contains(FIRST.of(purpose).hash(), SECOND.of(purpose).hash());
        }
        assertThat(String.valueOf(say("admin", "second", "ACL", "GETUSER", "default")))
                .contains("off");
    }

    @Test
    void nobodyGetsInByAnotherPasswordThanTheGroups() throws Exception {
        Script script =
                script("enter", List.of(), UsersFile.sentinel(SECOND)).as(new Login("group", Secret.of("guessed")));
        assertThat(LeasedShell.said(base, script)).startsWith("1 ").contains("ACL SETUSER");
        assertThat(enters("admin", "second")).isFalse();
    }

    @Test
    void aMemberIsNotedOnceItsMasterIsWatched() throws Exception {
        enter(SECOND);
        assertThat(enlist()).isEqualTo("1 it watches no second: nobody by that name");
        assertThat(home.resolve("members")).doesNotExist();
        say("admin", "second", "SENTINEL", "MONITOR", "second", "127.0.0.1", "" + master.port(), "1");
        assertThat(enlist()).isEqualTo("0 changed");
        assertThat(Files.readString(home.resolve("members/second"))).isEqualTo("second " + SENTINELS + " process\n");
        assertThat(enlist()).isEqualTo("0 unchanged");
    }

    @Test
    void whoLeavesIsForgottenAndShutOutAndTheOtherOneIsNot() throws Exception {
        enter(SECOND);
        say("admin", "second", "SENTINEL", "MONITOR", "second", "127.0.0.1", "" + master.port(), "1");
        enlist();
        assertThat(leave()).isEqualTo("0 changed");
        for (String user : List.of("admin", "probe", "application")) {
            assertThat(enters(user, "second")).as(user).isFalse();
            assertThat(enters(user, "first")).as(user).isTrue();
        }
        assertThat(String.valueOf(say("admin", "first", "SENTINEL", "MASTERS")))
                .contains("[name, first,")
                .doesNotContain("[name, second,");
        assertThat(home.resolve("members/second")).doesNotExist();
        assertThat(Files.readString(home.resolve(UsersFile.NAME)))
                .doesNotContain(SECOND.of(Purpose.ADMIN).hash())
                .contains(FIRST.of(Purpose.ADMIN).hash());
        assertThat(leave()).as("again").isEqualTo("0 changed");
        assertThat(sentinel.alive()).isTrue();
    }

    /** As an owner leaves it that dies in the middle. */
    @Test
    void whatWasForgottenBeforeIsNoHindrance() throws Exception {
        enter(SECOND);
        say("admin", "first", "ACL", "DELUSER", "probe");
        assertThat(leave()).isEqualTo("0 changed");
        assertThat(String.valueOf(say("admin", "first", "ACL", "USERS"))).doesNotContain("probe");
    }

    /** It has not said that there is no such user, whose password would go on counting. */
    @Test
    void whoDoesNotAnswerInTimeHasNotForgottenAUser() throws Exception {
        enter(SECOND);
        Path late = Files.createDirectories(base.resolve("late")).resolve("timeout");
        Files.writeString(late, """
                #!/bin/sh
                case "$*" in *'ACL GETUSER'*) exit 124 ;; esac
                PATH=${PATH#*:}
                exec timeout "$@"
                """);
        Files.setPosixFilePermissions(late, PosixFilePermissions.fromString("rwx------"));
        String path = late.getParent() + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        try (LeaseProcess lease = LeasedShell.lease(base)) {
            assertThat(lease.alive()).isTrue();
            Process shell = LeasedShell.begun(leaving(), Map.of("PATH", path));
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor()).isOne();
            assertThat(said.strip()).isEqualTo("ACL GETUSER application answered: nothing within 2 s");
        }
        assertThat(enters("admin", "second")).isTrue();
        assertThat(leave()).isEqualTo("0 changed");
        assertThat(enters("admin", "second")).isFalse();
    }

    /** What a cluster's own instance holds beside its files is somebody else's. */
    @Test
    void membersAreRemovedOfAGroupAlone() throws Exception {
        Path own = Files.createDirectories(base.resolve("orders/redis-sentinel"));
        Path note = Files.writeString(
                Files.createDirectories(own.resolve("members")).resolve("orders"), "a note\n");
        String cluster = "u7 orders/r1/redis-sentinel";
        Files.writeString(own.resolve("owner"), cluster + "\n");
        assertThat(erase(own, cluster)).startsWith("1 ").contains("is not Redfleet's, and stays: members");
        assertThat(note).exists();
        Files.writeString(own.resolve("owner"), OWNER + "\n");
        assertThat(erase(own, OWNER)).isEqualTo("0 changed");
        assertThat(own).doesNotExist();
    }

    /** There is no program here: what is looked at is what was made before it. Of a data node's nothing is. */
    @Test
    void aSentinelWhoseDirectoriesAreGoneGetsThemBackAtItsStart() throws Exception {
        for (String program : List.of("redis-sentinel", "redis-server")) {
            Path dir = Files.createDirectories(base.resolve("orders").resolve(program));
            String said = LeasedShell.said(
                    base,
                    "start",
                    Duration.ofSeconds(30),
                    List.of(base + "/none", "" + dir, program, "127.0.0.1", "" + FreePort.choose(), "1"));
            assertThat(said).startsWith("1 ");
            assertThat(Files.isDirectory(dir.resolve("data"))).isEqualTo(program.equals("redis-sentinel"));
            assertThat(Files.isDirectory(dir.resolve("log"))).isEqualTo(program.equals("redis-sentinel"));
        }
    }

    @Test
    void aMasterOfThatNameElsewhereIsAnothers() throws Exception {
        enter(SECOND);
        int another = master.port() == 7777 ? 7778 : 7777;
        say("admin", "first", "SENTINEL", "MONITOR", "second", "127.0.0.1", "" + another, "1");
        assertThat(leave()).isEqualTo("0 changed");
        assertThat(String.valueOf(say("admin", "first", "SENTINEL", "MASTERS"))).contains("second");
        assertThat(enters("admin", "second")).isFalse();
    }

    @Test
    void aDirectoryOfSomebodyElseIsLeft() throws Exception {
        Files.writeString(home.resolve("owner"), "u7 orders/r1/redis-sentinel\n");
        for (String said : List.of(enter(SECOND), enlist(), leave())) {
            assertThat(said).isEqualTo("1 " + home + " is not marked as " + OWNER);
        }
        assertThat(enters("admin", "second")).isFalse();
    }

    private String enter(Accounts accounts) throws Exception {
        String users = UsersFile.sentinel(accounts)
                .lines()
                .filter(line -> !line.startsWith("user group "))
                .collect(Collectors.joining("\n", "", "\n"));
        return LeasedShell.said(base, script("enter", List.of(), users));
    }

    private String enlist() throws Exception {
        Script script = script("enlist", List.of("second", "second", SENTINELS, "process"), "")
                .as(new Login("admin", SECOND.of(Purpose.ADMIN)));
        return LeasedShell.said(base, script);
    }

    private String erase(Path dir, String owner) throws Exception {
        return LeasedShell.said(base, "erase", Duration.ofSeconds(30), List.of("" + dir, owner, "plain"));
    }

    private String leave() throws Exception {
        return LeasedShell.said(base, leaving());
    }

    private Script leaving() {
        String users = UsersFile.sentinel(SECOND)
                .lines()
                .filter(line -> line.matches("user (application|probe|admin) .*"))
                .collect(Collectors.joining("\n", "", "\n"));
        return script("leave", List.of("second", "second", "127.0.0.9:1", "127.0.0.1:" + master.port()), users);
    }

    /** Asked as the group's own user. */
    private Script script(String name, List<String> more, String content) {
        List<String> words = new ArrayList<>(List.of("127.0.0.1", "" + port, home.toString(), OWNER));
        words.addAll(more);
        return LeasedShell.script(base, name, Duration.ofSeconds(30), words)
                .carrying(content)
                .as(GROUP);
    }

    private boolean enters(String user, String cluster) {
        try (RedisCall call =
                RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5)).as(user, password(cluster, user))) {
            return "PONG".equals(call.call("PING"));
        } catch (IOException refused) {
            return false;
        }
    }

    private @Nullable Object say(String user, String cluster, String... words) throws IOException {
        try (RedisCall call =
                RedisCall.open("127.0.0.1", port, Duration.ofSeconds(5)).as(user, password(cluster, user))) {
            return call.call(words);
        }
    }

    private static Accounts accounts(String cluster) {
        Map<Purpose, Secret> passwords = Arrays.stream(Purpose.values())
                .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of(password(cluster, purpose.word()))));
        return new Accounts(passwords, "", Agents.NONE, Login.NONE, Map.of(), GROUP);
    }

    private static String password(String cluster, String user) {
        return "pw-" + user + "-of-" + cluster;
    }
}
