package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** unpack.sh with a real shell and tar, in a directory of the test's; and what archives.sh says of it. */
@Timeout(120)
class UnpackScriptTest {
    @TempDir
    Path base;

    @TempDir
    Path files;

    private Path top;
    private Path tree;
    private MadeTar tar;
    private LeaseProcess lease;

    @BeforeEach
    void aDirectoryAndALease() throws IOException {
        top = base.resolve("opt");
        tree = top.resolve("8.0.2");
        tar = new MadeTar("8.0.2");
        lease = LeaseProcess.start(base, "lease-1", 60);
        assertThat(lease.beat()).startsWith("held");
    }

    @AfterEach
    void itIsGivenBack() throws IOException {
        lease.close();
    }

    @Test
    void anArchiveComesWholeAndASecondTimeNothingIsDone() throws Exception {
        Path archive = made();
        assertThat(look("u1", "orders", archive)).isEqualTo("0 wanted");
        assertThat(install(archive))
                .isEqualTo("0 received " + Files.size(archive) + " bytes\nunpacked as " + tree + "\nchanged");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree)))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("bin/redis-server"))))
                .isEqualTo("rwxr-xr-x");
        assertThat((Integer) Files.getAttribute(tree.resolve("bin/redis-server"), "unix:mode") & 07777)
                .as("nobody becomes another by it")
                .isEqualTo(0755);
        assertThat(Files.readSymbolicLink(tree.resolve("bin/redis-sentinel"))).hasToString("redis-server");
        assertThat(mark())
                .containsExactly(
                        "# redfleet-archive",
                        "archive " + digest(archive),
                        "binary " + digest(tree.resolve("bin/redis-server")),
                        "cluster u1 orders");
        assertThat(names(top)).containsExactly("8.0.2");
        assertThat(look("u1", "orders", archive)).isEqualTo("0 unchanged");
        assertThat(install(archive)).isEqualTo("0 unchanged");
        assertThat(surveyed().trees())
                .isEqualTo(
                        Map.of("8.0.2", new ArchiveSurvey.Tree(true, digest(archive), true, Map.of("u1", "orders"))));
    }

    @Test
    void versionsLieBesideEachOther() throws Exception {
        install(made());
        tar = new MadeTar("7.0.15");
        Path older = made();
        assertThat(said(older, "install", "7.0.15", digest(older), "" + Files.size(older), "process"))
                .endsWith("changed");
        assertThat(names(top)).containsExactly("7.0.15", "8.0.2");
    }

    /** What is in the archive beside a Redis (kind, name, where it leads or how large), and why it is not unpacked. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | /evil-absolute       |             | a member leads out of the archive
            0 | ../evil              |             | a member leads out of the archive
            0 | bin/../../evil       |             | a member leads out of the archive
            0 | bin/..               |             | a member leads out of the archive
            2 | bin/link             | /etc        | a link leads out of its directory
            2 | bin/link             | ..          | a link leads out of its directory
            2 | bin/link             | ../../x     | a link leads out of its directory
            2 | bin/link             | bin/x       | a link leads out of its directory
            1 | bin/hard             | bin/redis-cli | a member is no file, directory or symbolic link
            1 | bin/hard             | /etc/passwd | a member is no file, directory or symbolic link
            3 | bin/device           |             | a member is no file, directory or symbolic link
            4 | bin/device           |             | a member is no file, directory or symbolic link
            6 | bin/fifo             |             | a member is no file, directory or symbolic link
            0 | bin/a b              |             | a member has a name with blanks
            0 | bin/a -> b           |             | a member has a name with blanks
            0 | bin/a;b              |             | a member has a name with other than letters
            0 | .redfleet            |             | a member has the name of our own mark
            """)
    void whatLeadsOutOrIsNoFileIsNotUnpacked(char kind, String name, @Nullable String link, String reason)
            throws Exception {
        tar.member(kind, name, link == null ? "" : link, 0755, "");
        nothingIsTaken(made(), "the archive is not unpacked: " + reason);
        assertThat(base.resolve("evil")).doesNotExist();
        assertThat(Path.of("/evil-absolute")).doesNotExist();
    }

    @Test
    void aBombIsNotUnpacked() throws Exception {
        tar.member('0', "bin/zeros", "", 0644, "\0".repeat(20_000_000));
        nothingIsTaken(made(), "the archive is not unpacked: it unpacks to more than ");
        tar = new MadeTar("8.0.2");
        for (int i = 0; i < 2000; i++) {
            tar.member('0', "bin/file" + i, "", 0644, "");
        }
        nothingIsTaken(made(), "the archive is not unpacked: it has more than 2000 members");
        for (int i = 0; i < 40_000; i++) {
            tar.member('0', "bin/another" + i, "", 0644, "");
        }
        nothingIsTaken(made(), "what is in the archive cannot be listed, in 120 s and 2 MB");
    }

    @Test
    void whatIsNotThePinnedArchiveIsNotLookedInto() throws Exception {
        Path archive = made();
        long size = Files.size(archive);
        assertThat(said(archive, "install", "8.0.2", "f".repeat(64), "" + size, "process"))
                .startsWith("1 ")
                .contains("the archive came with sha256 " + digest(archive) + ", not ffff")
                .endsWith("nothing was unpacked");
        assertThat(said(archive, "install", "8.0.2", digest(archive), "" + (size + 1), "process"))
                .isEqualTo("1 " + size + " of the archive's " + (size + 1) + " bytes came: nothing was unpacked");
        assertThat(said(archive, "install", "8.0.2", digest(archive), "209715201", "process"))
                .isEqualTo("1 an archive of 209715201 bytes is not taken: at most 209715200");
        assertThat(names(top)).isEmpty();
    }

    @Test
    void anArchiveThatIsCutIsNotUnpackedThoughItIsPinnedSo() throws Exception {
        byte[] whole = Files.readAllBytes(made());
        Path cut = files.resolve("cut.tar.gz");
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        nothingIsTaken(cut, "what is in the archive cannot be listed");
    }

    @Test
    void whatHoldsAnotherRedisOrNoneIsNotPutInPlace() throws Exception {
        tar = new MadeTar("7.0.15");
        nothingIsTaken(made(), "the archive holds Redis 7.0.15, and 8.0.2 is wanted");
        tar = new MadeTar("");
        nothingIsTaken(made(), "bin/redis-server says no version:");
        tar = new MadeTar();
        nothingIsTaken(made(), "the archive has no program bin/redis-server");
        tar = new MadeTar();
        tar.member('2', "bin/redis-server", "redis-cli", 0777, "");
        tar.member('0', "bin/redis-cli", "", 0755, "#!/bin/sh\n");
        nothingIsTaken(made(), "the archive has no program bin/redis-server");
    }

    @Test
    void aValkeyComesByNamesOfItsOwn() throws Exception {
        tree = top.resolve("8.1.1");
        tar = MadeTar.ofValkey("Valkey server v=8.1.1 sha=00000000:0 malloc=libc");
        Path archive = made();
        String digest = digest(archive);
        String size = "" + Files.size(archive);
        assertThat(said(archive, "look", "8.1.1", digest, "valkey")).isEqualTo("0 wanted");
        assertThat(said(archive, "install", "8.1.1", digest, size, "process"))
                .startsWith("1 ")
                .endsWith("the archive has no program bin/redis-server");
        assertThat(names(top)).isEmpty();
        assertThat(said(archive, "install", "8.1.1", digest, size, "process", "valkey"))
                .isEqualTo("0 received " + size + " bytes\nunpacked as " + tree + "\nchanged");
        assertThat(mark()).contains("binary " + digest(tree.resolve("bin/valkey-server")), "cluster u1 orders");
        assertThat(said(archive, "look", "8.1.1", digest, "valkey")).isEqualTo("0 unchanged");
        assertThat(surveyed("valkey").trees())
                .isEqualTo(Map.of("8.1.1", new ArchiveSurvey.Tree(true, digest, true, Map.of("u1", "orders"))));

        Path bin = Files.createDirectories(base.resolve("carts/redis-server/bin"));
        Files.createSymbolicLink(bin.resolve("valkey-server"), tree.resolve("bin/valkey-server"));
        assertThat(release("u1", "orders", "8.1.1"))
                .isEqualTo("0 left " + tree + ": " + bin + "/valkey-server leads there\nchanged");
        assertThat(said(archive, "look", "8.1.1", digest, "valkey")).isEqualTo("0 changed");
        Files.createFile(base.resolve("carts/redis-server/retired"));
        assertThat(release("u1", "orders", "8.1.1")).isEqualTo("0 changed");
        assertThat(tree).doesNotExist();
    }

    @Test
    void whatIsCalledValkeyAndIsRedisIsNotPutInPlaceNorTheOtherWayRound() throws Exception {
        tar = MadeTar.ofValkey("Redis server v=8.1.1 sha=00000000:0 malloc=libc");
        Path redis = made();
        assertThat(said(redis, "install", "8.1.1", digest(redis), "" + Files.size(redis), "process", "valkey"))
                .startsWith("1 ")
                .contains("the archive holds no Valkey: bin/valkey-server says Redis server v=8.1.1 ");
        tar = new MadeTar();
        tar.member('0', "bin/redis-server", "", 0755, "#!/bin/sh\necho 'Valkey server v=8.0.2 sha=00000000:0'\n");
        tar.member('0', "bin/redis-cli", "", 0755, "#!/bin/sh\n");
        nothingIsTaken(made(), "the archive holds no Redis: bin/redis-server says Valkey server v=8.0.2 ");
    }

    @Test
    void whatDoesNotUseLibsystemdIsNotForUnits() throws Exception {
        Path archive = made();
        assertThat(said(archive, "install", "8.0.2", digest(archive), "" + Files.size(archive), "systemd"))
                .startsWith("1 ")
                .containsAnyOf("does not use libsystemd", "this host has no user redis");
        assertThat(names(top)).isEmpty();
    }

    @Test
    void whatIsNotOursOrCameOutOfAnotherArchiveIsLeftAsItIs() throws Exception {
        Path archive = made();
        Files.createDirectories(tree);
        Files.writeString(tree.resolve("mine"), "mine");
        assertThat(install(archive))
                .isEqualTo("1 " + tree + " was not made by Redfleet and is left as it is: move it away first");
        assertThat(look("u1", "orders", archive)).startsWith("1 ");
        assertThat(release("u1", "orders", "8.0.2")).isEqualTo("0 unchanged");
        assertThat(tree.resolve("mine")).hasContent("mine");
        assertThat(surveyed().trees().get("8.0.2")).isEqualTo(new ArchiveSurvey.Tree(false, "", false, Map.of()));

        Files.delete(tree.resolve("mine"));
        Files.delete(tree);
        Files.createSymbolicLink(tree, files);
        assertThat(install(archive)).contains("was not made by Redfleet");
        Files.delete(tree);
        install(archive);
        String digest = digest(archive);
        tar.member('0', "README", "", 0644, "another");
        Path another = made();
        assertThat(install(another))
                .startsWith("1 " + tree + " came out of an archive with sha256 " + digest + ", not ")
                .endsWith("a version that lies there is never written over");
        assertThat(mark()).contains("archive " + digest);
    }

    @Test
    void whatAnInterruptedRunLeftIsRemovedAndWhatIsBrokenIsPutRight() throws Exception {
        Path archive = made();
        Path left = Files.createDirectories(top.resolve(".redfleet-new.8.0.2/tree/bin"));
        Files.writeString(left.resolve("redis-server"), "half");
        Files.createDirectories(top.resolve(".redfleet-old.8.0.2"));
        assertThat(install(archive)).endsWith("changed");
        assertThat(names(top)).containsExactly("8.0.2");

        look("u2", "carts", archive);
        Files.writeString(tree.resolve("bin/redis-server"), "damaged");
        assertThat(Objects.requireNonNull(surveyed().trees().get("8.0.2")).whole())
                .isFalse();
        assertThat(look("u1", "orders", archive)).isEqualTo("0 wanted");
        assertThat(install(archive)).endsWith("changed");
        assertThat(names(top)).containsExactly("8.0.2");
        assertThat(mark()).contains("cluster u1 orders", "cluster u2 carts");
        assertThat(look("u1", "orders", archive)).isEqualTo("0 unchanged");
    }

    /** Cut between the two moves: instances still lead there, and others are noted in it. */
    @Test
    void whatWasPutAsideForAnotherThatNeverCameIsPutBack() throws Exception {
        Path archive = made();
        install(archive);
        look("u2", "carts", archive);
        Files.move(tree, top.resolve(".redfleet-old.8.0.2"));
        assertThat(look("u1", "orders", archive)).isEqualTo("0 unchanged");
        assertThat(names(top)).containsExactly("8.0.2");
        assertThat(mark()).contains("cluster u1 orders", "cluster u2 carts");
    }

    @Test
    void whereTheArchiveStopsComingNothingIsLeft() throws Exception {
        Path archive = made();
        Path half = files.resolve("half.tar.gz");
        Files.write(half, Arrays.copyOf(Files.readAllBytes(archive), 100));
        assertThat(said(half, "install", "8.0.2", digest(archive), "" + Files.size(archive), "process"))
                .startsWith("1 100 of the archive's ");
        assertThat(names(top)).isEmpty();
    }

    @Test
    void theLastClusterTakesItAwayAndTheOneBeforeDoesNot() throws Exception {
        Path archive = made();
        install(archive);
        assertThat(look("u2", "carts", archive)).isEqualTo("0 changed");
        assertThat(release("u1", "orders", "8.0.2")).isEqualTo("0 changed");
        assertThat(mark()).doesNotContain("cluster u1 orders").contains("cluster u2 carts");
        assertThat(release("u1", "orders", "8.0.2")).isEqualTo("0 unchanged");
        assertThat(release("u2", "carts", "8.0.2")).isEqualTo("0 changed");
        assertThat(top).doesNotExist();
        assertThat(release("u2", "carts", "8.0.2")).isEqualTo("0 unchanged");
    }

    @Test
    void onlyWhatThePlanNamedGoes() throws Exception {
        install(made());
        assertThat(release("u1", "orders")).isEqualTo("0 changed");
        assertThat(tree.resolve("bin/redis-server")).exists();
        assertThat(mark()).noneMatch(line -> line.startsWith("cluster "));
    }

    @Test
    void whatAnInstanceOfAnotherClusterStillRunsByStays() throws Exception {
        install(made());
        Path bin = Files.createDirectories(base.resolve("carts/redis-server/bin"));
        Files.createSymbolicLink(bin.resolve("redis-server"), tree.resolve("bin/redis-server"));
        assertThat(release("u1", "orders", "8.0.2"))
                .isEqualTo("0 left " + tree + ": " + bin + "/redis-server leads there\nchanged");
        assertThat(tree.resolve("bin/redis-server")).exists();

        look("u1", "orders", made());
        Files.createFile(base.resolve("carts/redis-server/retired"));
        assertThat(release("u1", "orders", "8.0.2")).isEqualTo("0 changed");
        assertThat(tree).doesNotExist();
    }

    @Test
    void whatStillRunsOutOfItStays() throws Exception {
        install(made());
        Files.copy(Path.of("/bin/sleep").toRealPath(), tree.resolve("bin/still"));
        Process still = new ProcessBuilder(tree.resolve("bin/still").toString(), "60").start();
        try {
            assertThat(release("u1", "orders", "8.0.2"))
                    .isEqualTo("0 left " + tree + ": /proc/" + still.pid() + " runs\nchanged");
        } finally {
            still.destroyForcibly().waitFor();
        }
    }

    @Test
    void whereOthersMayWriteNothingIsPut() throws Exception {
        Files.createDirectories(top);
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertThat(install(made())).startsWith("1 " + top + " is not ").contains("alone to write");
        assertThat(names(top)).isEmpty();
    }

    @Test
    void whatIsNoVersionIsNoDirectoryOfOurs() throws Exception {
        Path archive = made();
        for (String version : List.of("..", ".", "", "8..0", "8.0.", "a", "8/0", "current")) {
            assertThat(said(archive, "look", version, digest(archive)))
                    .as(version)
                    .startsWith("1 ");
        }
        assertThat(release("u1", "orders", "..")).startsWith("1 ");
    }

    @Test
    void withoutTheLeaseNothingIsUnpacked() throws Exception {
        Path archive = made();
        assertThat(ran("lease-2", archive, "u1", "orders", "install", "8.0.2", digest(archive), "1", "process"))
                .startsWith("1 fenced off");
        assertThat(top).doesNotExist();
    }

    @Test
    void whatWasBuiltOfTheSameIsTheSameThoughItsBytesDiffer() throws Exception {
        String origin = "8.0.2-" + "a".repeat(64) + "-process";
        Path first = made();
        String bytes = "" + Files.size(first);
        assertThat(said(first, "install", "8.0.2", digest(first), bytes, "process", origin))
                .endsWith("changed");
        assertThat(mark()).contains("archive " + digest(first), "source " + origin, "cluster u1 orders");
        assertThat(surveyed().trees().get("8.0.2"))
                .isEqualTo(new ArchiveSurvey.Tree(true, digest(first), true, Map.of("u1", "orders"), origin));

        tar = new MadeTar("8.0.2");
        tar.member('0', "bin/more", "", 0755, "of another compiler");
        Path other = tar.packed(files.resolve("other.tar.gz"));
        assertThat(ran("lease-1", other, "u2", "carts", "look", "8.0.2", digest(other), origin))
                .isEqualTo("0 changed");
        assertThat(ran("lease-1", other, "u2", "carts", "look", "8.0.2", "", origin))
                .as("nobody knows the archive any more")
                .isEqualTo("0 unchanged");
        assertThat(mark())
                .as("of what lies there")
                .contains("archive " + digest(first), "source " + origin, "cluster u1 orders", "cluster u2 carts");
        assertThat(ran("lease-1", other, "u2", "carts", "look", "8.0.2", digest(other), origin.replace('a', 'b')))
                .startsWith("1 ")
                .contains("came out of an archive");
        assertThat(look("u1", "orders", other)).startsWith("1 ").contains("came out of an archive");

        assertThat(release("u1", "orders")).isEqualTo("0 changed");
        assertThat(mark()).contains("source " + origin, "cluster u2 carts").doesNotContain("cluster u1 orders");

        Files.writeString(tree.resolve("bin/redis-server"), "broken");
        assertThat(said(other, "look", "8.0.2", digest(other), origin)).isEqualTo("0 wanted");
        assertThat(said(other, "install", "8.0.2", digest(other), "" + Files.size(other), "process", origin))
                .endsWith("changed");
        assertThat(mark())
                .contains("archive " + digest(other), "source " + origin, "cluster u1 orders", "cluster u2 carts");
    }

    @Test
    void anOriginThatTheMarkCouldNotHoldIsRefused() throws Exception {
        Path archive = made();
        for (String origin : List.of("a b", "a\nb", "a/b", "$x")) {
            assertThat(said(archive, "look", "8.0.2", digest(archive), origin))
                    .as(origin)
                    .startsWith("1 ")
                    .contains("is no origin of an archive");
        }
    }

    private void nothingIsTaken(Path archive, String reason) throws Exception {
        assertThat(install(archive)).startsWith("1 ").contains(reason);
        assertThat(names(top)).isEmpty();
    }

    private Path made() throws Exception {
        return tar.packed(files.resolve("redis.tar.gz"));
    }

    private String look(String uid, String cluster, Path archive) throws Exception {
        return ran("lease-1", archive, uid, cluster, "look", "8.0.2", digest(archive));
    }

    private String install(Path archive) throws Exception {
        return said(archive, "install", "8.0.2", digest(archive), "" + Files.size(archive), "process");
    }

    private String release(String uid, String cluster, String... versions) throws Exception {
        List<String> words = new ArrayList<>(List.of(uid, cluster, "release"));
        words.addAll(Arrays.asList(versions));
        return ran("lease-1", files, words.toArray(String[]::new));
    }

    private String said(Path archive, String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("u1", "orders"));
        all.addAll(Arrays.asList(words));
        return ran("lease-1", archive, all.toArray(String[]::new));
    }

    /**
     * The exit status, and what was said. An archive that has to come does so on standard input.
     *
     * @param words uid, cluster, verb and what it is about
     */
    private String ran(String by, Path archive, String... words) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of(base.toString(), by, "0", top.toString(), words[0], words[1], base.toString()));
        arguments.addAll(Arrays.asList(words).subList(2, words.length));
        Script script = Scripts.of(Hands.class, "unpack", Duration.ofSeconds(30), arguments);
        List<String> command = new ArrayList<>(List.of("sh", "-c", script.text(), script.name()));
        command.addAll(script.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Path input = words[2].equals("install") ? archive : Path.of("/dev/null");
        Process shell = builder.redirectInput(input.toFile()).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        return shell.exitValue() + " " + said.strip();
    }

    /** @param engine said to archives.sh where it is not Redis */
    private ArchiveSurvey surveyed(String... engine) throws Exception {
        Script script = Scripts.of(Surveyor.class, "archives", Duration.ofSeconds(20), List.of());
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--", top.toString()));
        command.addAll(Arrays.asList(engine));
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(script.text().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).endsWith("archive.end=yes\n").doesNotContain("missing=");
        return ArchiveSurvey.read(said);
    }

    private List<String> mark() throws IOException {
        return Files.readAllLines(tree.resolve(".redfleet")).stream()
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String digest(Path file) throws Exception {
        return MadeTar.sha256(Files.readAllBytes(file));
    }
}
