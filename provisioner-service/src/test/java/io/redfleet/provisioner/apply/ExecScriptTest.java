package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * exec.sh with a real shell and real programs. Only root can make an entry, so without root these are skipped. The list is made
 * below /opt: no directory above it may be anybody else's to write, as /tmp is.
 */
@Timeout(120)
class ExecScriptTest {
    private static final Path ROOTS = Path.of("/opt");

    @TempDir
    Path base;

    private Path list = ROOTS;

    @BeforeEach
    void aListOfRoots() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "entries of an allow-list are root's to make");
        assumeTrue(Files.isDirectory(ROOTS), "there is no /opt to put a list in");
        list = Files.createTempDirectory(ROOTS, "redfleet-exec");
        open(list, "rwxr-xr-x");
    }

    @AfterEach
    void itGoes() throws IOException {
        if (list.equals(ROOTS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(list)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void anEntryRunsAsNobodyWithNothingButWhatItIsTold() throws Exception {
        Path entry = entry("show", """
                printf '%s %s|' "$#" "$(id -u)"
                env | grep -v -E '^(_|PWD|OLDPWD|SHLVL)=' | sort | tr '\\n' '|'
                read -r line || printf 'no input'
                echo
                echo a second line
                """);
        String nobody = output("id", "-u", "nobody");
        assertThat(ran(entry))
                .isEqualTo("0 said=0 " + nobody
                        + "|LC_ALL=C|MONIT_DATE=Tue, 3 Jun 2008 11:05:30 GMT|MONIT_DESCRIPTION=it's"
                        + " $(id) \"x\"|MONIT_EVENT=Connection failed|MONIT_HOST=r1|MONIT_SERVICE=redis-server"
                        + "|PATH=/usr/local/bin:/usr/bin:/bin|no input\nexit=0\nchanged");
    }

    @Test
    void itCanBecomeNobodyElseAndHoldsNoneOfOurFiles() throws Exception {
        Path entry = entry("rights", """
                grep -E '^(NoNewPrivs|CapEff|Groups):' /proc/self/status | tr '\\n\\t' '| '
                ls /proc/$$/fd | tr '\\n' ' '
                """);
        String said = ran(entry);
        assertThat(said).contains("NoNewPrivs: 1", "CapEff: 0000000000000000");
        assertThat(said.lines().findFirst().orElseThrow())
                .as("its input, its output and its own text")
                .doesNotContain(" 9 ", " 3 ", " 4 ");
    }

    @Test
    void howItEndsIsSaidWhateverItWrites() throws Exception {
        assertThat(ran(entry("bad", "echo no route >&2\nexit 3"))).isEqualTo("0 said=no route\nexit=3\nchanged");
        assertThat(ran(entry("silent", "exit 0"))).isEqualTo("0 said=\nexit=0\nchanged");
        assertThat(ran(entry("forger", "printf 'exit=0\\nchanged\\n'\nexit 7")))
                .isEqualTo("0 said=exit=0\nexit=7\nchanged");
        assertThat(ran(entry("painter", "printf 'a\\033[1mb\\001c\\n'"))).isEqualTo("0 said=a[1mbc\nexit=0\nchanged");
        assertThat(ran(entry("talker", "yes | head -c 3000000 | tr -d '\\n'")))
                .isEqualTo("0 said=" + "y".repeat(512) + "\nexit=0\nchanged");
    }

    @Test
    void whoTakesTooLongIsEndedWithWhatItStarted() throws Exception {
        Path entry = entry("slow", "echo slow\nsleep 36123 &\nsleep 36123");
        assertThat(ran(entry, 1)).isEqualTo("0 said=slow\nexit=late\nchanged");
        Path deaf = entry("deaf", "trap '' TERM\necho deaf\nwhile :; do sleep 1; done");
        assertThat(ran(deaf, 1)).startsWith("0 said=deaf").endsWith("exit=late\nchanged");
        assertThat(output("ps", "-eo", "args").lines())
                .filteredOn(line -> line.equals("sleep 36123") || line.contains(list.toString()))
                .isEmpty();
    }

    @Test
    void nothingIsRunThatAnybodyButRootCouldHaveWritten() throws Exception {
        Path entry = entry("mine", "echo ran");
        assertThat(ran(entry)).startsWith("0 said=ran");

        open(entry, "rwxrwxr-x");
        refused(entry, entry, "a regular file");
        open(entry, "rwxr-xrwx");
        refused(entry, entry, "a regular file");
        open(entry, "rwxr-xr-x");
        give(entry, "nobody");
        refused(entry, entry, "a regular file");
        give(entry, "root");

        Path link = Files.createSymbolicLink(list.resolve("link"), entry);
        refused(link, link, "a regular file");
        refused(list.resolve("none"), list.resolve("none"), "a regular file");
        Path inside = Files.createDirectory(list.resolve("inside"));
        refused(inside, inside, "a regular file");

        open(list, "rwxrwxr-x");
        refused(entry, list, "a directory");
        open(list, "rwxr-xr-x");
        give(list, "nobody");
        refused(entry, list, "a directory");
        give(list, "root");
        Path alias = Files.createSymbolicLink(list.resolve("alias"), list);
        refused(alias.resolve("mine"), alias, "a directory");
        Path shared = Files.createDirectory(list.resolve("shared"));
        Path copied = Files.copy(entry, shared.resolve("mine"), StandardCopyOption.COPY_ATTRIBUTES);
        open(shared, "rwxrwxrwx");
        refused(copied, shared, "a directory");
        assertThat(ran(entry)).as("again all root's").startsWith("0 said=ran");
    }

    @Test
    void withoutTheLeaseNothingIsRun() throws Exception {
        Path entry = entry("mine", "echo ran");
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            assertThat(said(entry, "lease-2", "0", 5)).startsWith("1 ").contains("fenced off");
            assertThat(said(entry, "lease-1", "1", 5)).startsWith("1 ").contains("it came too late");
        }
    }

    private void refused(Path program, Path because, String what) throws Exception {
        assertThat(ran(program))
                .isEqualTo("1 " + program + " is not run: " + because + " must be there and be " + what
                        + ", no link, that belongs to root and that only root can write");
    }

    private Path entry(String name, String text) throws IOException {
        Path entry = Files.writeString(list.resolve(name), "#!/bin/sh\n" + text + "\n");
        open(entry, "rwxr-xr-x");
        return entry;
    }

    private static void open(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static void give(Path path, String user) throws IOException {
        Files.setOwner(
                path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    private String ran(Path program) throws Exception {
        return ran(program, 15);
    }

    private String ran(Path program, int seconds) throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 60)) {
            assertThat(lease.beat()).startsWith("held");
            return said(program, "lease-1", "0", seconds);
        }
    }

    /** The exit status, and what was said. */
    private String said(Path program, String lease, String until, int seconds) throws Exception {
        List<String> arguments = List.of(
                base.toString(),
                lease,
                until,
                program.toString(),
                "" + seconds,
                "redis-server",
                "Connection failed",
                "it's $(id) \"x\"",
                "r1",
                "Tue, 3 Jun 2008 11:05:30 GMT");
        Script script = Scripts.of(Hands.class, "exec", Duration.ofSeconds(30), arguments);
        List<String> words = new ArrayList<>(List.of("sh", "-s", "--"));
        words.addAll(script.arguments());
        Process shell = new ProcessBuilder(words).redirectErrorStream(true).start();
        shell.getOutputStream().write(script.text().getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        assertThat(shell.waitFor(40, TimeUnit.SECONDS)).isTrue();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return shell.exitValue() + " " + said.strip();
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
