package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that changes what an instance takes of a user, against a real Redis and a real Sentinel. */
@Timeout(120)
class PasswordScriptTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");
    private static final Secret OLD = ACCOUNTS.of(Purpose.APPLICATION);
    private static final Secret NEW = Secret.of("another");
    private static final Secret THIRD = Secret.of("a third");

    @TempDir
    Path base;

    @Test
    void aRedisTakesBothThenTheNewOneAloneAndStillDoesAfterItsNextStart() throws Exception {
        Path users = users(UsersFile.redis(ACCOUNTS, "7.0.15"));
        try (RedisNode redis = RedisNode.start("aclfile " + users)) {
            List<String> before = rights(redis.port());
            assertThat(said(redis.port(), "only", NEW))
                    .isEqualTo("1 application has not got the new password there, so the old one stays");
            assertThat(in(redis.port(), OLD)).isTrue();

            assertThat(said(redis.port(), "add", NEW)).isEqualTo("0 changed");
            assertThat(said(redis.port(), "add", NEW)).as("safe to run twice").isEqualTo("0 unchanged");
            assertThat(in(redis.port(), OLD)).isTrue();
            assertThat(in(redis.port(), NEW)).isTrue();
            assertThat(Files.readString(users)).contains("#" + OLD.hash(), "#" + NEW.hash());

            try (RedisCall working = login(redis.port(), OLD)) {
                assertThat(said(redis.port(), "only", NEW)).isEqualTo("0 changed");
                assertThat(working.call("SET", "any", "thing"))
                        .as("who is logged in stays so")
                        .isEqualTo("OK");
            }
            assertThat(said(redis.port(), "only", NEW)).isEqualTo("0 unchanged");
            assertThat(in(redis.port(), OLD)).isFalse();

            redis.kill9();
            redis.restart();
            assertThat(in(redis.port(), OLD)).isFalse();
            assertThat(in(redis.port(), NEW)).isTrue();
            assertThat(rights(redis.port())).as("what it may do").isEqualTo(before);
        }
    }

    /** Somebody may have set another password since the record came to be: until all take the new one the old one is good too. */
    @Test
    void ofTwoItIsGivenWhatItHasNot() throws Exception {
        Path users = users(UsersFile.redis(ACCOUNTS, "7.0.15"));
        String both = OLD.hash() + "\n" + NEW.hash();
        try (RedisNode redis = RedisNode.start("aclfile " + users)) {
            assertThat(said(redis.port(), "add", THIRD)).isEqualTo("0 changed");
            assertThat(said(redis.port(), "only", THIRD)).isEqualTo("0 changed");
            assertThat(run(redis.port(), "application", "add", both)).isEqualTo("0 changed");
            assertThat(run(redis.port(), "application", "add", both)).isEqualTo("0 unchanged");
            for (Secret secret : List.of(OLD, NEW, THIRD)) {
                assertThat(in(redis.port(), secret)).isTrue();
            }
            assertThat(Files.readString(users)).contains("#" + OLD.hash(), "#" + NEW.hash());
            assertThat(run(redis.port(), "application", "add", OLD.hash() + "\nno hash"))
                    .isEqualTo("1 no hash of a password came");
        }
    }

    @Test
    void noHashIsEverAnArgument() throws Exception {
        Path users = users(UsersFile.redis(ACCOUNTS, "7.0.15"));
        NotedArguments noted = NotedArguments.in(base);
        try (RedisNode redis = RedisNode.start("aclfile " + users)) {
            for (String change : List.of("add", "only")) {
                assertThat(run(redis.port(), "application", change, NEW.hash(), noted.environment()))
                        .isEqualTo("0 changed");
            }
            assertThat(in(redis.port(), NEW)).isTrue();
            assertThat(in(redis.port(), OLD)).isFalse();
        }
        assertThat(noted.said())
                .contains("redis-cli ", "-x ACL SETUSER application", "ACL GETUSER application", "ACL SAVE")
                .doesNotContain(OLD.hash(), NEW.hash());
    }

    @Test
    void whatTheServerWritesByItsOwnUmaskIsNobodyElsesToRead() throws Exception {
        Path users = users(UsersFile.redis(ACCOUNTS, "7.0.15"));
        try (RedisNode redis = RedisNode.start("aclfile " + users)) {
            assertThat(said(redis.port(), "add", NEW)).isEqualTo("0 changed");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(users)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void whateverElseItTakesEndsWithTheOldOneAndAllOtherUsersStay() throws Exception {
        Path users = users(UsersFile.redis(ACCOUNTS, "7.0.15"));
        try (RedisNode redis = RedisNode.start("aclfile " + users)) {
            assertThat(said(redis.port(), "add", THIRD)).isEqualTo("0 changed");
            assertThat(said(redis.port(), "add", NEW)).isEqualTo("0 changed");
            assertThat(said(redis.port(), "only", NEW)).isEqualTo("0 changed");
            assertThat(in(redis.port(), THIRD)).isFalse();
            for (Purpose purpose : List.of(Purpose.PROBE, Purpose.REPLICATION, Purpose.ADMIN)) {
                assertThat(Files.readString(users))
                        .contains(
                                "user " + purpose.word() + " on ",
                                ACCOUNTS.of(purpose).hash());
            }
        }
    }

    @Test
    void aSentinelIsGivenItToo() throws Exception {
        Path users = users(UsersFile.sentinel(ACCOUNTS));
        SentinelNode.Watch watch = new SentinelNode.Watch("orders", 1, Duration.ofSeconds(30), Duration.ofSeconds(60));
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, watch, "aclfile " + users)) {
            assertThat(said(sentinel.port(), "add", NEW)).isEqualTo("0 changed");
            assertThat(in(sentinel.port(), OLD)).isTrue();
            assertThat(in(sentinel.port(), NEW)).isTrue();
            assertThat(said(sentinel.port(), "only", NEW)).isEqualTo("0 changed");
            assertThat(in(sentinel.port(), OLD)).isFalse();
            assertThat(in(sentinel.port(), NEW)).isTrue();
            assertThat(Files.readString(users)).contains(NEW.hash()).doesNotContain(OLD.hash());
        }
    }

    @Test
    void whatIsInNoFileIsNotSaidToBeDoneAndNoHashIsSaid() throws Exception {
        try (RedisNode redis = RedisNode.start()) {
            redis.say("ACL", "SETUSER", "admin", "on", ">pw-admin", "+@all", "~*");
            redis.say("ACL", "SETUSER", "application", "on", "#" + OLD.hash());
            assertThat(said(redis.port(), "add", NEW))
                    .startsWith("1 ACL SAVE answered: ")
                    .doesNotContain(NEW.hash());
            assertThat(run(redis.port(), "nobody", "add", NEW.hash())).isEqualTo("1 there is no user nobody");
            assertThat(run(redis.port(), "application", "add", "no hash")).isEqualTo("1 no hash of a password came");
        }
    }

    private Path users(String text) throws IOException {
        Path file = Files.writeString(base.resolve(UsersFile.NAME), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** All that Redis knows of the application's user but its password, whatever the order in which it loaded it. */
    private static List<String> rights(int port) throws IOException {
        try (RedisCall admin =
                RedisCall.open("127.0.0.1", port, Duration.ofSeconds(2)).as("admin", "pw-admin")) {
            String said = String.valueOf(admin.call("ACL", "GETUSER", "application"));
            return Stream.of(said.replaceAll("[0-9a-f]{64}", "***").split("[ \\[\\],]+"))
                    .sorted()
                    .toList();
        }
    }

    private static RedisCall login(int port, Secret secret) throws IOException {
        return RedisCall.open("127.0.0.1", port, Duration.ofSeconds(2)).as("application", secret.reveal());
    }

    private static boolean in(int port, Secret secret) throws IOException {
        try (RedisCall call = login(port, secret)) {
            call.call("PING");
            return true;
        } catch (RedisCall.Refused refused) {
            return false;
        }
    }

    private String said(int port, String change, Secret secret) throws Exception {
        return run(port, "application", change, secret.hash());
    }

    /** The exit status, and what was said; asked as admin, who comes with the hash before the script, as on a host. */
    private String run(int port, String user, String change, String hash) throws Exception {
        return run(port, user, change, hash, Map.of());
    }

    private String run(int port, String user, String change, String hash, Map<String, String> environment)
            throws Exception {
        try (LeaseProcess lease = LeasedShell.lease(base)) {
            assertThat(lease.alive()).isTrue();
            List<String> words = List.of("127.0.0.1", "" + port, user, change, base.toString());
            Script plain = LeasedShell.script(base, "password", SOON, words);
            String before = "ask_user='admin' ask_password='pw-admin' ask_ca=''\ncontent='" + hash + "'\n";
            Script script = new Script(plain.name(), before + plain.text(), plain.arguments(), plain.deadline());
            Process shell = LeasedShell.begun(script, environment);
            assertThat(shell.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
            String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return shell.exitValue() + " " + said.strip();
        }
    }
}
