package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.archive.ArchiveName;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Artefacts on their way to a real sshd. */
@Timeout(60)
class ShelfTest {
    private static final String FILE = "redis-8.0.2.tar.gz";
    private static final int BYTES = 3_000_001;

    @TempDir
    Path directory;

    private LoopbackHost host;
    private SshHosts hosts;
    private Path shelf;
    private Freight freight;
    private byte[] content;

    @BeforeEach
    void aHostAndAnArtefact() throws Exception {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        SshKey key = SshKey.generate(credentials.resolve("ops"));
        host = LoopbackHost.start(directory, "127.0.0.13", key);
        hosts = new SshHosts(new Credentials(credentials, false), new KnownHosts(directory.resolve("known_hosts")));
        shelf = Files.createDirectories(directory.resolve("artefacts"));
        freight = new Shelf(hosts, shelf);
        content = new byte[BYTES];
        // What no text survives: all bytes, line ends and none, and no word of a shell's.
        new Random(1).nextBytes(content);
        Files.write(shelf.resolve(FILE), content);
    }

    @AfterEach
    void end() {
        hosts.close();
        host.close();
    }

    @Test
    void anArtefactIsWeighedAndComesAsItIs() throws Exception {
        Freight.Load load = weighed();
        assertThat(load.bytes()).isEqualTo(BYTES);
        assertThat(load.sha256()).isEqualTo(sha256(content));
        Path target = host.home().resolve("came");
        Reply reply = freight.send(access(), script("head -c \"$1\" >\"$2\"; echo done", target), load);
        assertThat(reply).isEqualTo(new Reply.Done(0, "done\n", ""));
        assertThat(sha256(Files.readAllBytes(target))).isEqualTo(load.sha256());
    }

    @Test
    void whatAHostHasComesHomeAsItIsAndIsKeptWhileItStaysSo() throws Exception {
        Path far = Files.write(host.home().resolve("far"), content);
        Freight.Load wanted = new Freight.Load("redis-8.0.2-x.tar.gz", BYTES, sha256(content));
        assertThat(freight.fetch(access(), script("cat \"$2\"", far), wanted)).isEqualTo(new Reply.Done(0, "", ""));
        String name = ArchiveName.told(wanted.artefact(), wanted.sha256());
        assertThat(Files.readAllBytes(shelf.resolve(name))).isEqualTo(content);
        assertThat(freight.kept("redis-8.0.2-", access().place()))
                .contains(new Freight.Load(name, wanted.bytes(), wanted.sha256()));
        Files.write(shelf.resolve(name), new byte[] {1});
        assertThat(freight.kept("redis-8.0.2-", access().place()))
                .as("altered since")
                .isEmpty();
    }

    @Test
    void whatIsCutOnTheWayHomeIsNotTaken() throws Exception {
        Path far = Files.write(host.home().resolve("far"), content);
        Freight.Load wanted = new Freight.Load("redis-8.0.2-x.tar.gz", BYTES, sha256(content));
        assertThat(freight.fetch(access(), script("head -c 1000000 \"$2\"", far), wanted))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.reason()).contains("1000000 of the archive's " + BYTES + " bytes"));
        assertThat(shelf.resolve(ArchiveName.told(wanted.artefact(), wanted.sha256())))
                .doesNotExist();
    }

    @Test
    void aScriptThatTakesNothingOrLittleEndsAllTheSame() {
        assertThat(freight.send(access(), script("exit 3", directory), weighed()))
                .isEqualTo(new Reply.Done(3, "", ""));
        Reply little = freight.send(access(), script("head -c 10 | wc -c", directory), weighed());
        assertThat(little)
                .isInstanceOfSatisfying(
                        Reply.Done.class, done -> assertThat(done.out().strip()).isEqualTo("10"));
    }

    @Test
    void aScriptThatNeverTakesIsLeftAtItsDeadline() {
        String waits = "while kill -0 \"$PPID\" 2>/dev/null; do sleep 0.1; done";
        Script script = new Script("waits", waits, List.of(), Duration.ofSeconds(1));
        assertThat(freight.send(access(), script, weighed()))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.trouble()).isEqualTo(Trouble.TIMED_OUT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../artefacts/redis-8.0.2.tar.gz", "/etc/passwd", ".tar.gz", "", "redis", "a/b.tar.gz"})
    void whatIsNoPlainNameIsLookedForNowhere(String name) {
        assertThat(freight.weigh(name))
                .isInstanceOfSatisfying(
                        Freight.Missing.class,
                        missing -> assertThat(missing.reason()).contains("must be the plain name"));
    }

    @Test
    void whatIsMissingOrTooLargeIsSaid() throws Exception {
        assertThat(freight.weigh("other.tar.gz"))
                .isEqualTo(new Freight.Missing(
                        "there is no other.tar.gz in " + shelf + " of this provisioner: put it there"));
        Files.createDirectory(shelf.resolve("directory.tar.gz"));
        assertThat(freight.weigh("directory.tar.gz")).isInstanceOf(Freight.Missing.class);
        try (RandomAccessFile large =
                new RandomAccessFile(shelf.resolve("large.tar.gz").toFile(), "rw")) {
            large.setLength(Freight.MOST_BYTES + 1);
        }
        assertThat(freight.weigh("large.tar.gz"))
                .isInstanceOfSatisfying(
                        Freight.Load.class, load -> assertThat(load.bytes()).isGreaterThan(Freight.MOST_BYTES));
    }

    private Freight.Load weighed() {
        return (Freight.Load) freight.weigh(FILE);
    }

    private static Script script(String text, Path target) {
        return new Script("takes", text, List.of("" + BYTES, target.toString()), Duration.ofSeconds(20));
    }

    private HostAccess access() {
        return new HostAccess("h1", host.address(), host.port(), host.user(), "ops", host.publicHostKey());
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
