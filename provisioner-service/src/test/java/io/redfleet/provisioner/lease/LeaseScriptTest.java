package io.redfleet.provisioner.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** lease.sh and the fence in common.sh, with a real shell, real locks and real processes. */
@Timeout(60)
class LeaseScriptTest {
    private static final String WORK = "main() { echo worked >>\"$1\"; }\nfenced \"$@\" </dev/null\n";
    /** Says that it has begun, then works until it is told to end. */
    private static final String LONG =
            "main() { echo begun >>\"$1\"; while [ ! -e \"$2\" ]; do sleep 0.05; done; }\nfenced \"$@\" </dev/null\n";

    @TempDir
    Path base;

    @Test
    void oneHoldsItAndTheOtherIsToldWhoUntilItIsGivenBack() throws Exception {
        try (LeaseProcess first = LeaseProcess.start(base, "a", 10);
                LeaseProcess second = LeaseProcess.start(base, "b", 10)) {
            assertThat(first.beat()).matches("held \\d+");
            assertThat(second.beat())
                    .startsWith("busy ")
                    .contains("operation=op-of-a")
                    .contains("cluster=orders");
            assertThat(first.beat()).startsWith("held");
            first.close();
            assertThat(first.endsWithin(5)).isTrue();
            assertThat(second.beat()).startsWith("held");
        }
    }

    @Test
    void aLeaseThatIsNoFileIsRefusedAndNotWaitedFor() throws Exception {
        for (String name : List.of(".lease", ".lease.work")) {
            Path fifo = base.resolve(name);
            assertThat(new ProcessBuilder("mkfifo", "" + fifo).start().waitFor())
                    .isZero();
            try (LeaseProcess first = LeaseProcess.start(base, "a", 60)) {
                assertThat(first.endsWithin(10)).as(name).isTrue();
            }
            assertThat(work("a", "0")).isEqualTo(1);
            Files.delete(fifo);
        }
    }

    @Test
    void silenceEndsItAlthoughTheChannelStands() throws Exception {
        try (LeaseProcess first = LeaseProcess.start(base, "a", 1)) {
            assertThat(first.beat()).startsWith("held");
            assertThat(first.endsWithin(5)).isTrue();
            try (LeaseProcess second = LeaseProcess.start(base, "b", 10)) {
                assertThat(second.beat()).startsWith("held");
            }
        }
    }

    @Test
    void aKilledHolderProcessFreesItWithinTheSilence() throws Exception {
        try (LeaseProcess first = LeaseProcess.start(base, "a", 1);
                LeaseProcess second = LeaseProcess.start(base, "b", 10)) {
            assertThat(first.beat()).startsWith("held");
            first.kill9();
            assertThat(work("a", "0")).isEqualTo(1);
            Await.until("the lease", Duration.ofSeconds(5), () -> held(second));
        }
    }

    @Test
    void aScriptRunsUnderItsOwnLeaseOnlyAndOnlyWhileThatLives() throws Exception {
        assertThat(work("a", "0")).isEqualTo(1);
        try (LeaseProcess first = LeaseProcess.start(base, "a", 10)) {
            assertThat(first.beat()).startsWith("held");
            assertThat(work("a", "0")).isZero();
            assertThat(work("b", "0")).isEqualTo(1);
            first.close();
            assertThat(first.endsWithin(5)).isTrue();
        }
        assertThat(work("a", "0")).isEqualTo(1);
        try (LeaseProcess second = LeaseProcess.start(base, "b", 10)) {
            assertThat(second.beat()).startsWith("held");
            assertThat(work("a", "0")).isEqualTo(1);
            assertThat(work("b", "0")).isZero();
        }
        assertThat(Files.readAllLines(log())).containsExactly("worked", "worked");
    }

    @Test
    void whereEverybodyMayWriteThereIsNoLease() throws Exception {
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (LeaseProcess lease = LeaseProcess.start(base, "a", 30)) {
            assertThat(lease.endsWithin(10)).isTrue();
        }
        assertThat(base.resolve(".lease")).doesNotExist();
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxr-x"));
        try (LeaseProcess lease = LeaseProcess.start(base, "a", 30)) {
            assertThat(lease.beat()).startsWith("held");
        }
    }

    @Test
    void whatIsNotToBeginAfterATimeDoesNot() throws Exception {
        try (LeaseProcess lease = LeaseProcess.start(base, "a", 10)) {
            long uptime = Long.parseLong(lease.beat().substring("held ".length()));
            assertThat(work("a", "" + (uptime + 6_000))).isZero();
            assertThat(work("a", "" + (uptime - 1))).isEqualTo(1);
        }
        assertThat(Files.readAllLines(log())).containsExactly("worked");
    }

    @Test
    void theNextHolderWaitsForAScriptOfTheFormerOneAndNoOtherOfItsScriptsBegins() throws Exception {
        Path go = base.resolve("go");
        try (LeaseProcess first = LeaseProcess.start(base, "a", 10);
                LeaseProcess second = LeaseProcess.start(base, "b", 10)) {
            assertThat(first.beat()).startsWith("held");
            Process running = script(LONG, List.of(base.toString(), "a", "0", log().toString(), go.toString()));
            Await.until("the script", Duration.ofSeconds(5), () -> Files.exists(log()));
            first.close();
            assertThat(first.endsWithin(5)).isTrue();
            assertThat(second.beat()).isEqualTo("drains");
            assertThat(work("a", "0")).isEqualTo(1);
            assertThat(second.beat()).isEqualTo("drains");
            Files.createFile(go);
            assertThat(running.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(second.beat()).startsWith("held");
        }
        assertThat(Files.readAllLines(log())).containsExactly("begun");
    }

    @Test
    void tenThatWantItAtOnceGetItOneAfterTheOther() throws Exception {
        List<LeaseProcess> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(LeaseProcess.start(base, "l" + i, 10));
        }
        int given = 0;
        while (!all.isEmpty()) {
            List<LeaseProcess> holders = new ArrayList<>();
            for (LeaseProcess lease : all) {
                if (held(lease)) {
                    holders.add(lease);
                }
            }
            assertThat(holders).hasSizeLessThanOrEqualTo(1);
            for (LeaseProcess holder : holders) {
                given++;
                all.remove(holder);
                holder.close();
                assertThat(holder.endsWithin(5)).isTrue();
            }
        }
        assertThat(given).isEqualTo(10);
    }

    private static boolean held(LeaseProcess lease) {
        try {
            return lease.beat().startsWith("held");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** As where root holds the lease, and the script is redis's. */
    @Test
    void aHolderWhoIsSomebodyElseLivesAsLongAsItsProcess() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        assertThat(ended.waitFor()).isZero();
        assertThat(lapsed("1")).isEqualTo("lives\n");
        assertThat(lapsed("" + ended.pid())).isEqualTo("lapsed\n");
        assertThat(lapsed("")).isEqualTo("lapsed\n");
        assertThat(lapsed("x")).isEqualTo("lapsed\n");
    }

    /** Who root is would be let send signals to everybody. */
    private static String lapsed(String pid) throws Exception {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("setpriv", "--reuid", "65534", "--clear-groups"));
        }
        String text = common() + "lease_pid=$1\nif lapsed; then echo lapsed; else echo lives; fi\n";
        command.addAll(List.of("sh", "-c", text, "sh", pid));
        Process shell = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private Path log() {
        return base.resolve("log");
    }

    private int work(String lease, String until) throws Exception {
        Process process = script(WORK, List.of(base.toString(), lease, until, log().toString()));
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String common() {
        String text = Scripts.of(Surveyor.class, "survey", Duration.ofSeconds(1), List.of())
                .text();
        return text.substring(0, text.indexOf("# Facts of a host"));
    }

    private static Process script(String text, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(arguments);
        Process shell = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var in = shell.getOutputStream()) {
            in.write((common() + text).getBytes(StandardCharsets.UTF_8));
        }
        return shell;
    }
}
