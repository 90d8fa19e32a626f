package io.redfleet.provisioner.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** archive.sh, and erase.sh after it, with a real shell under a real lease: what is kept, and what is never removed. */
@Timeout(300)
class ArchiveScriptTest {
    private static final String MARK = "u1 orders/r1/redis-server";
    /** Each of them may be the last thing that happens. */
    private static final List<String> TOOLS =
            List.of("tar", "sync", "sha256sum", "mv", "rm", "mkdir", "rmdir", "du", "df", "stat");

    @TempDir
    Path directory;

    private Path base;
    private Path programs;
    private Path instance;
    private Path shelf;

    @BeforeEach
    void anInstanceThatHasEnded() throws Exception {
        programs = Files.createDirectories(directory.resolve("programs"));
        // Scripts look ten times a second whether a tool has ended.
        program("sleep", "exec /bin/sleep 0.01\n");
        begin("base");
    }

    @Test
    void allThatIsStoredIsKeptOnceByItsDigest() throws Exception {
        assertThat(erase("archived")).startsWith("1 ").contains("nothing is removed", "has no archive");
        String said = archive();
        Path archive = onlyArchive();
        assertThat(archive.getFileName().toString()).matches("redis-server-\\d{8}T\\d{6}Z\\.tar\\.gz");
        assertThat(said)
                .isEqualTo("0 archive=" + archive + "\nbytes=" + Files.size(archive) + "\nsha256=" + digest(archive)
                        + "\nchanged");
        assertThat(Path.of(archive + ".sha256")).hasContent(digest(archive) + "  " + archive.getFileName());
        assertThat(mode(archive)).isEqualTo("rw-------");
        assertThat(mode(shelf)).isEqualTo("rwx------");
        holdsAll(archive);

        assertThat(archive()).as("safe to run twice").isEqualTo(said.replaceAll("changed$", "unchanged"));
        Files.delete(Path.of(archive + ".sha256"));
        assertThat(archive()).endsWith("unchanged");
        assertThat(Path.of(archive + ".sha256")).hasContent(digest(archive) + "  " + archive.getFileName());

        assertThat(erase("archived")).isEqualTo("0 changed");
        assertThat(instance).doesNotExist();
        assertThat(said).contains(digest(onlyArchive()));
        assertThat(archive()).isEqualTo("0 unchanged");
        assertThat(erase("archived")).isEqualTo("0 unchanged");
    }

    @Test
    void dataThatHasChangedSinceIsNotRemovedBeforeItIsArchivedToo() throws Exception {
        archive();
        Path first = onlyArchive();
        Files.writeString(instance.resolve("data/dump.rdb"), "REDIS, later");
        assertThat(erase("archived")).startsWith("1 ").contains("nothing is removed", "has changed since");
        assertThat(instance.resolve("redis.conf")).exists();
        // Two archives of one second would have one name, and none is written over.
        Await.until("the next second", Duration.ofSeconds(20), () -> archived().endsWith("\nchanged"));
        assertThat(archives()).hasSize(2).contains(first);
        assertThat(erase("archived")).isEqualTo("0 changed");
    }

    @Test
    void whereNothingIsStoredNothingIsKept() throws Exception {
        remove(instance.resolve("data/appendonlydir"));
        Files.delete(instance.resolve("data/dump.rdb"));
        assertThat(archive()).startsWith("0 archive=none").endsWith("unchanged");
        assertThat(shelf).doesNotExist();
        assertThat(erase("archived")).isEqualTo("0 changed");
    }

    /** What a link leads to would not be in it. */
    @Test
    void dataThatLiesElsewhereIsNotTakenForArchived() throws Exception {
        Path away = directory.resolve("away");
        Files.move(instance.resolve("data"), away);
        Files.createSymbolicLink(instance.resolve("data"), away);
        assertThat(archive()).startsWith("1 ").contains(instance.resolve("data") + " is a link");
        assertThat(erase("archived")).startsWith("1 ").contains("nothing is removed");
        assertThat(away.resolve("dump.rdb")).exists();
    }

    @Test
    void whatOthersHaveLeftBesideGoesTooAndWhatIsNobodysKeepsTheMark() throws Exception {
        for (String left : List.of("redis.conf.new", "owner.new", "redis.conf.a1B2c3", "users.acl.tmp-7-1")) {
            Files.writeString(instance.resolve(left), "requirepass secret");
        }
        Files.writeString(instance.resolve("notes of mine"), "mine");
        assertThat(erase("plain")).startsWith("1 ").contains("holds what is not Redfleet's, and stays: notes of mine");
        try (Stream<Path> left = Files.list(instance)) {
            assertThat(left).containsExactlyInAnyOrder(instance.resolve("owner"), instance.resolve("notes of mine"));
        }
        Files.delete(instance.resolve("notes of mine"));
        assertThat(erase("plain")).isEqualTo("0 changed");
        assertThat(instance).doesNotExist();
    }

    @Test
    void whatRunsOrIsAnothersIsNotTouched() throws Exception {
        String other = "u9 orders/r1/redis-server";
        assertThat(run("archive", instance, other, shelf, "dead"))
                .startsWith("1 ")
                .contains("is not marked as " + other);
        try (RedisNode redis = RedisNode.start(
                "dir " + instance.resolve("data"),
                "dbfilename other.rdb",
                "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(archive()).startsWith("1 ").contains("process " + redis.pid() + " still runs");
        }
        assertThat(shelf).doesNotExist();
    }

    @Test
    void whatLivedHasToHaveEndedByItself() throws Exception {
        try (RedisNode redis = RedisNode.start(
                "dir " + instance.resolve("data"),
                "dbfilename other.rdb",
                "save 3600 1",
                "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(redis.say("SET", "k", "v")).isEqualTo("OK");
            redis.kill9();
        }
        assertThat(run("archive", instance, MARK, shelf, "lived"))
                .startsWith("1 ")
                .contains("did not end by itself", "nothing is removed");
        assertThat(shelf).doesNotExist();
        // What its host was left with is all there is, once nobody expects more of it.
        assertThat(archive()).startsWith("0 archive=/").endsWith("changed");

        begin("ended");
        Files.delete(instance.resolve("data/dump.rdb"));
        try (RedisNode redis = RedisNode.start(
                "dir " + instance.resolve("data"), "save 3600 1", "pidfile " + instance.resolve("redis.pid"))) {
            assertThat(redis.say("SET", "k", "v")).isEqualTo("OK");
            assertThat(run("stop", instance, "plain", "30", "term")).endsWith("changed");
        }
        assertThat(run("archive", instance, MARK, shelf, "lived")).endsWith("\nchanged");
        assertThat(instance.resolve("data/dump.rdb")).exists();
    }

    @Test
    void whatLivedAndStoredNothingIsNotRemoved() throws Exception {
        remove(instance.resolve("data/appendonlydir"));
        Files.delete(instance.resolve("data/dump.rdb"));
        assertThat(run("archive", instance, MARK, shelf, "lived"))
                .startsWith("1 ")
                .contains("stored nothing");
    }

    @Test
    void withoutRoomNothingIsBegun() throws Exception {
        program("df", "echo 'Filesystem 1024-blocks Used Available Capacity Mounted'; echo 'x 9 9 1000 99% /'\n");
        assertThat(archive())
                .startsWith("1 ")
                .contains(shelf + " has 1000 KB free", "may take 1", "KB: make room, or remove the data without");
        assertThat(left(shelf)).isEmpty();
        program("df", "exit 1\n");
        assertThat(archive()).startsWith("1 ").contains("cannot be told");
        assertThat(instance.resolve("archived")).doesNotExist();
    }

    @Test
    void anArchiveThatIsNotWhatIsStoredIsNone() throws Exception {
        program("tar", "case $1 in -d*) echo 'data/dump.rdb: Contents differ'; exit 1 ;; esac\nexec /bin/tar \"$@\"\n");
        assertThat(archive()).startsWith("1 ").contains("Contents differ", "is not what " + instance + "/data holds");
        assertThat(left(shelf)).isEmpty();
        program("tar", "echo 'tar: cannot write' >&2; exit 2\n");
        assertThat(archive()).startsWith("1 ").contains("cannot write", "cannot be archived in " + shelf);
        assertThat(left(shelf)).isEmpty();
        assertThat(instance.resolve("archived")).doesNotExist();
        assertThat(erase("archived")).startsWith("1 ");
    }

    @Test
    void whatIsHalfRemovedIsNeverArchivedAsIfItWereAll() throws Exception {
        // A removal without an archive, of data that was archived once and written since, ends in the middle.
        archive();
        Files.writeString(instance.resolve("data/dump.rdb"), "REDIS, later");
        program("rm", "case \"$*\" in *sentinel.conf) exit 1 ;; esac\nexec /bin/rm \"$@\"\n");
        assertThat(erase("plain")).startsWith("1 ");
        Files.delete(programs.resolve("rm"));
        assertThat(instance.resolve("redis.conf")).doesNotExist();

        assertThat(archive()).startsWith("1 ").contains("is half removed, and no archive of it is known");
        assertThat(erase("archived")).startsWith("1 ").contains("has no archive");
        assertThat(instance.resolve("data/dump.rdb")).exists();
        assertThat(erase("plain")).isEqualTo("0 changed");
    }

    @Test
    void anArchiveThatIsGoneOrWasChangedCoversNothing() throws Exception {
        archive();
        Path archive = onlyArchive();
        byte[] whole = Files.readAllBytes(archive);
        Files.write(archive, "x".getBytes(UTF_8));
        assertThat(erase("archived")).startsWith("1 ").contains("" + archive, "is not there as it was written");
        Files.delete(archive);
        assertThat(erase("archived")).startsWith("1 ").contains("is not there as it was written");
        assertThat(instance.resolve("redis.conf")).exists();
        Files.write(archive, whole);
        assertThat(erase("archived")).isEqualTo("0 changed");
    }

    @Test
    void whoLosesTheLeaseInTheMiddleStopsAndLeavesNothing() throws Exception {
        program("tar", "echo $$ >\"HERE/began\"\nexec /bin/sleep 60\n");
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            held(lease);
            Process shell = shell("archive", List.of(instance, MARK, shelf, "dead"), "lease-1");
            Await.until("tar", Duration.ofSeconds(20), () -> Files.exists(directory.resolve("began")));
            lease.kill9();
            assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue()).isEqualTo(1);
            assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8))
                    .contains("the lease lapsed while tar was at work");
        }
        assertThat(left(shelf)).isEmpty();
        long tar = Long.parseLong(Files.readString(directory.resolve("began")).strip());
        assertThat(ProcessHandle.of(tar).filter(ProcessHandle::isAlive)).isEmpty();
    }

    /** The script is killed right after a thing that it has others do; then it is begun again. */
    @Test
    void whereItIsCutOffTheNextOneKeepsExactlyOneArchiveOfAll() {
        assertThat(Cuts.some(this::archivesAgain)).isGreaterThan(12);
    }

    @Tag("long")
    @Test
    void whereverItIsCutOffTheNextOneKeepsExactlyOneArchiveOfAll() {
        assertThat(Cuts.all(this::archivesAgain)).isGreaterThan(12);
    }

    private Optional<List<String>> archivesAgain(int call) throws Exception {
        begin("archive-" + call);
        Optional<List<String>> calls = cutAt(call, this::archive);
        assertThat(archive()).as("cut after call %d", call).startsWith("0 archive=");
        Path archive = onlyArchive();
        holdsAll(archive);
        assertThat(left(shelf))
                .as("cut after call %d", call)
                .containsExactlyInAnyOrder("" + archive.getFileName(), archive.getFileName() + ".sha256");
        assertThat(erase("archived")).as("cut after call %d", call).isEqualTo("0 changed");
        return calls;
    }

    @Test
    void whereTheRemovalIsCutOffTheArchiveOfAllStaysAndItGoesOn() {
        assertThat(Cuts.some(this::erasesAgain)).isGreaterThan(12);
    }

    @Tag("long")
    @Test
    void whereverTheRemovalIsCutOffTheArchiveOfAllStaysAndItGoesOn() {
        assertThat(Cuts.all(this::erasesAgain)).isGreaterThan(12);
    }

    private Optional<List<String>> erasesAgain(int call) throws Exception {
        begin("erase-" + call);
        archive();
        String digest = digest(onlyArchive());
        Optional<List<String>> calls = cutAt(call, () -> erase("archived"));
        if (Files.exists(instance.resolve("owner"))) {
            // As a second order does it. The mark goes last, and without it there is no step for what is left.
            assertThat(archive()).as("cut after call %d", call).startsWith("0 ").endsWith("unchanged");
            assertThat(erase("archived")).as("cut after call %d", call).startsWith("0 ");
            assertThat(instance).doesNotExist();
        }
        assertThat(digest(onlyArchive())).as("cut after call %d", call).isEqualTo(digest);
        return calls;
    }

    private interface Work {
        String run() throws Exception;
    }

    /** Which tool was called each time, unless it was cut off at that call, counted from 0. */
    private Optional<List<String>> cutAt(int call, Work work) throws Exception {
        Files.deleteIfExists(directory.resolve("calls"));
        Files.deleteIfExists(directory.resolve("cut"));
        for (String tool : TOOLS) {
            // Whoever is killed holds no lock any more, and neither must what it had others do.
            program(tool, """
                    exec 9>&-
                    PATH=/usr/local/bin:/usr/bin:/bin
                    call=$(flock "HERE/lock" sh -c 'echo TOOL >>"$1"; wc -l <"$1"' sh "HERE/calls")
                    if [ "$call" -ne CALL ]; then exec TOOL "$@"; fi
                    echo x >"HERE/cut"
                    TOOL "$@"
                    kill -KILL "$(cat "HERE/pid")"
                    exit 1
                    """.replace("TOOL", tool).replace("CALL", "" + (call + 1L)));
        }
        String said = work.run();
        for (String tool : TOOLS) {
            Files.delete(programs.resolve(tool));
        }
        boolean cut = Files.exists(directory.resolve("cut"));
        assertThat(said.startsWith("0 "))
                .as("cut after call %d: %s", call, said)
                .isEqualTo(!cut);
        return cut ? Optional.empty() : Optional.of(Files.readAllLines(directory.resolve("calls")));
    }

    /** A fresh instance under a base of its own. */
    private void begin(String name) throws IOException {
        base = Files.createDirectories(directory.resolve(name));
        instance = base.resolve("orders/redis-server");
        shelf = base.resolve("orders/archive.u1");
        Files.createDirectories(instance.resolve("data/appendonlydir"));
        Files.createDirectories(instance.resolve("log"));
        Files.writeString(instance.resolve("owner"), MARK + "\n");
        Files.writeString(instance.resolve("redis.conf"), "port 1\n");
        Files.writeString(instance.resolve("users.acl"), "user default off\n");
        Files.writeString(instance.resolve("data/dump.rdb"), "REDIS0011");
        Files.writeString(instance.resolve("data/appendonlydir/appendonly.aof.1.incr.aof"), "*1\r\n");
    }

    private void holdsAll(Path archive) throws Exception {
        Path into = Files.createDirectories(directory.resolve("restored"));
        Process tar = new ProcessBuilder("/bin/tar", "-xzf", "" + archive, "-C", "" + into).start();
        assertThat(tar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(tar.exitValue()).isZero();
        assertThat(into.resolve("data/dump.rdb")).hasContent("REDIS0011");
        assertThat(Files.readString(into.resolve("data/appendonlydir/appendonly.aof.1.incr.aof")))
                .isEqualTo("*1\r\n");
        try (Stream<Path> top = Files.list(into)) {
            assertThat(top).as("and no configuration, which holds passwords").containsExactly(into.resolve("data"));
        }
        remove(into);
    }

    private String archive() throws Exception {
        return run("archive", instance, MARK, shelf, "dead");
    }

    /** The same, for a condition that is waited for. */
    private String archived() {
        try {
            return archive();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String erase(String how) throws Exception {
        return run("erase", instance, MARK, how);
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> all = Files.list(shelf)) {
            return all.filter(file -> file.toString().endsWith(".tar.gz")).toList();
        }
    }

    private Path onlyArchive() throws IOException {
        assertThat(archives()).hasSize(1);
        return archives().getFirst();
    }

    private static List<String> left(Path there) throws IOException {
        try (Stream<Path> all = Files.list(there)) {
            return all.map(file -> "" + file.getFileName()).sorted().toList();
        }
    }

    private static String digest(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(each);
            }
        }
    }

    private void program(String name, String text) throws IOException {
        Path program = programs.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + text.replace("HERE", directory.toString()));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The exit status, and what was said. */
    private String run(String name, Object... arguments) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            held(lease);
            Process shell = shell(name, List.of(arguments), "lease-1");
            assertThat(shell.waitFor(50, TimeUnit.SECONDS)).isTrue();
            String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
            return shell.exitValue() + " " + said.strip();
        }
    }

    /** Once nothing works any more that a script left behind which was killed. */
    private static void held(LeaseProcess lease) throws Exception {
        String said = lease.beat();
        for (int looks = 0; looks < 200 && !said.startsWith("held"); looks++) {
            TimeUnit.MILLISECONDS.sleep(20);
            said = lease.beat();
        }
        assertThat(said).startsWith("held");
    }

    private Process shell(String name, List<Object> arguments, String lease) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--", base.toString(), lease, "0"));
        arguments.forEach(argument -> words.add(argument.toString()));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        Process shell = builder.start();
        // It begins once it has read all.
        Files.writeString(directory.resolve("pid"), shell.pid() + "\n");
        String text =
                Scripts.of(Hands.class, name, Duration.ofSeconds(40), List.of()).text();
        shell.getOutputStream().write(text.getBytes(UTF_8));
        shell.getOutputStream().close();
        return shell;
    }
}
