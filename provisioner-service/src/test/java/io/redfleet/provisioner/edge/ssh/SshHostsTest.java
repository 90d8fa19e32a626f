package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.HostFeed;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

@Timeout(60)
class SshHostsTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Until its session is gone, so that no test leaves anything behind. */
    private static final String FOREVER = "while kill -0 \"$PPID\" 2>/dev/null; do sleep 0.1; done";

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private LoopbackHost host;
    private SshHosts hosts;

    @BeforeEach
    void aHostThatTakesOurKey() throws Exception {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        SshKey key = SshKey.generate(credentials.resolve("ops"));
        SshKey.generate(credentials.resolve("stranger"));
        host = LoopbackHost.start(directory, "127.0.0.13", key);
        hosts = fresh();
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
        hosts.close();
        host.close();
    }

    @Test
    void aScriptAnswersWithBothStreamsAndItsStatusAndItsArgumentsAsTheyWere() {
        Script script = script("printf '%s|' \"$@\"; echo oops >&2; exit 3", "a b", "it's\n$HOME", "");
        assertThat(hosts.run(access("ops"), script)).isEqualTo(new Reply.Done(3, "a b|it's\n$HOME||", "oops\n"));
    }

    @Test
    void aScriptOfRootsGoesThroughSudoThatAsksNobodyAndOthersDoNot() throws Exception {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        Path sudo =
                Files.writeString(tools.resolve("sudo"), "#!/bin/sh\necho \"sudo $1 $2 $3\"\nshift 2\nexec \"$@\"\n");
        Files.setPosixFilePermissions(sudo, PosixFilePermissions.fromString("rwxr-xr-x"));
        host.close();
        SshKey key = SshKey.generate(directory.resolve("credentials/root"));
        host = LoopbackHost.start(directory.resolve("tools"), "127.0.0.13", key, tools + ":/usr/bin:/bin");
        hosts.close();
        hosts = new SshHosts(
                new Credentials(directory.resolve("credentials"), false),
                new KnownHosts(directory.resolve("known_hosts_of_another")));
        Script script = script("printf '%s|' \"$@\"", "a b", "it's\n$HOME", "");
        assertThat(hosts.run(access("root"), script.by(RunAs.ROOT)))
                .isEqualTo(new Reply.Done(0, "sudo -n -- sh\na b|it's\n$HOME||", ""));
        assertThat(hosts.run(access("root"), script)).isEqualTo(new Reply.Done(0, "a b|it's\n$HOME||", ""));
    }

    @Test
    void whatAScriptCarriesIsAVariableOfItsShellAloneAndInNobodysArguments() {
        String file = "masterauth it's $HOME `id` \\\n\n";
        Script carries = script(
                        "printf '%s.' \"$content\"; env | grep -c ^content=; tr '\\0' ' ' <\"/proc/$$/cmdline\"")
                .carrying(file);
        assertThat(hosts.run(access("ops"), carries)).isEqualTo(new Reply.Done(0, file + ".0\nsh -s -- ", ""));
        assertThat(carries.toString()).doesNotContain("masterauth");
    }

    @Test
    void scriptsThatGoTogetherAreOneShellAndAnswerEachForItself() {
        Script first = together("echo \"$$ $1\"", "a b");
        Script second = together("echo \"$$ $content\"; echo no >&2; exit 3").carrying("it's");
        List<Reply> replies = hosts.runAll(access("ops"), List.of(first, second, together("echo never")));
        String shell =
                replies.getFirst() instanceof Reply.Done done ? done.out().replaceFirst(" .*\n", "") : "none";
        assertThat(replies)
                .containsExactly(new Reply.Done(0, shell + " a b\n", ""), new Reply.Done(3, shell + " it's\n", "no\n"));
    }

    @Test
    void ofScriptsThatGoTogetherEachHasItsOwnTime() {
        Script quick = together("echo a");
        Script hangs = new Script("hangs", Scripts.common() + FOREVER + "\n", List.of("x y"), Duration.ofSeconds(1));
        long begun = System.nanoTime();
        List<Reply> replies = hosts.runAll(access("ops"), List.of(quick, hangs, together("echo c")));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("not after the time of all")
                .isLessThan(Duration.ofSeconds(8));
        Reply late = new Reply.Failed(Trouble.TIMED_OUT, access("ops") + ": hangs x y did not end within PT1S");
        assertThat(replies).containsExactly(new Reply.Done(0, "a\n", ""), late, late);
    }

    @Test
    void scriptsThatGoTogetherMayTakeLongerThanTheFirstAlone() {
        Script slow = new Script("slow", Scripts.common() + "sleep 2\n", List.of(), Duration.ofMillis(3500));
        Reply ended = new Reply.Done(0, "", "");
        assertThat(hosts.runAll(access("ops"), List.of(slow, slow))).containsExactly(ended, ended);
    }

    @Test
    void whereAHostTakesNoSessionNothingIsSentAndTheFirstScriptAnswersAlone() throws Exception {
        host.resumeWith("MaxSessions 0");
        List<Reply> replies = hosts.runAll(access("ops"), List.of(together("echo a"), together("echo b")));
        assertThat(replies).singleElement().satisfies(reply -> {
            assertThat(trouble(reply)).isEqualTo(Trouble.NOT_OPENED);
            assertThat(((Reply.Failed) reply).reason()).startsWith(access("ops") + ": the connection was lost: ");
        });
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.NOT_OPENED);
        host.resumeWith();
        assertThat(hosts.run(access("ops"), script("echo again"))).isEqualTo(new Reply.Done(0, "again\n", ""));
    }

    private static Script together(String text, String... words) {
        return new Script("script", Scripts.common() + text + "\n", List.of(words), Duration.ofSeconds(10));
    }

    @Test
    void oneConnectionCarriesManyScripts() {
        Script who = script("echo \"$SSH_CONNECTION\"");
        assertThat(hosts.run(access("ops"), who)).isEqualTo(hosts.run(access("ops"), who));
    }

    @Test
    void aConnectionThatIsAskedForAnewIsANewOneAndLeavesTheOtherAsItIs() {
        Script who = script("echo \"$SSH_CONNECTION\"");
        Reply kept = hosts.run(access("ops"), who);
        Reply first = hosts.anew(access("ops"), who);
        assertThat(first).isInstanceOf(Reply.Done.class).isNotEqualTo(kept);
        assertThat(hosts.anew(access("ops"), who))
                .isInstanceOf(Reply.Done.class)
                .isNotEqualTo(first);
        assertThat(hosts.run(access("ops"), who)).isEqualTo(kept);
    }

    @Test
    void whereNoLoginIsPossibleAnyMoreTheConnectionThatStandsSaysNothingOfIt() throws Exception {
        assertThat(hosts.run(access("ops"), script("echo here"))).isEqualTo(new Reply.Done(0, "here\n", ""));
        Files.delete(directory.resolve("credentials/ops"));
        assertThat(hosts.anew(access("ops"), script("echo there"))).isInstanceOf(Reply.Failed.class);
        assertThat(hosts.run(access("ops"), script("echo here"))).isEqualTo(new Reply.Done(0, "here\n", ""));
    }

    @Test
    void aScriptThatDoesNotEndIsLeftAtItsDeadline() {
        Script script = new Script("forever", FOREVER, List.of(), Duration.ofMillis(300));
        assertThat(trouble(hosts.run(access("ops"), script))).isEqualTo(Trouble.TIMED_OUT);
        assertThat(hosts.run(access("ops"), script("echo again"))).isEqualTo(new Reply.Done(0, "again\n", ""));
    }

    @Test
    void endlessOutputIsCutAndDoesNotFillMemory() {
        Reply reply = hosts.run(access("ops"), script("head -c 3000000 /dev/zero | tr '\\0' x"));
        assertThat(((Reply.Done) reply).out()).hasSize(1024 * 1024);
    }

    @Test
    void whatAHostSaysIsNoCommandToATerminal() {
        Script script = script("printf 'a\\033[2Jb\\tc\\r\\n'; printf '\\302\\233x' >&2");
        assertThat(hosts.run(access("ops"), script)).isEqualTo(new Reply.Done(0, "a?[2Jb\tc?\n", "?x"));
    }

    @Test
    void aKeyThatTheHostDoesNotKnowIsRefusedAndSaid() {
        Reply reply = hosts.run(access("stranger"), script("true"));
        assertThat(trouble(reply)).isEqualTo(Trouble.KEY_REFUSED);
        assertThat(((Reply.Failed) reply).reason()).contains("h1").contains("stranger");
    }

    @Test
    void aMissingOrReadableCredentialIsNotUsed() throws Exception {
        assertThat(trouble(hosts.run(access("nobody"), script("true")))).isEqualTo(Trouble.NO_CREDENTIAL);
        assertThat(trouble(hosts.run(access("../ops"), script("true")))).isEqualTo(Trouble.NO_CREDENTIAL);
        Files.setPosixFilePermissions(
                directory.resolve("credentials/ops"), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.NO_CREDENTIAL);
    }

    @Test
    void aLearntHostKeyIsPinnedAndAnotherIsRefusedAlsoAfterARestart() throws Exception {
        assertThat(hosts.fingerprint(access("ops"))).isEmpty();
        assertThat(hosts.learnt(access("ops"))).isEmpty();
        assertThat(hosts.run(access("ops"), script("true"))).isInstanceOf(Reply.Done.class);
        assertThat(hosts.fingerprint(access("ops"))).startsWith("SHA256:");
        assertThat(hosts.learnt(access("ops")))
                .singleElement()
                .satisfies(key -> assertThat(key.fingerprint()).isEqualTo(hosts.fingerprint(access("ops"))));
        host.resumeWithNewHostKey();
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.HOST_KEY_CHANGED);
        host.kill();
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.UNREACHABLE);
        host.resume();
        hosts.close();
        hosts = fresh();
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.HOST_KEY_CHANGED);
    }

    @Test
    void aHostKeyFromTheSpecIsTheOnlyOneTaken() throws Exception {
        HostAccess right = access("ops", host.publicHostKey());
        assertThat(hosts.run(right, script("true"))).isInstanceOf(Reply.Done.class);
        SshKey other = SshKey.generate(directory.resolve("other"));
        assertThat(trouble(hosts.run(access("ops", other.publicKey()), script("true"))))
                .isEqualTo(Trouble.HOST_KEY_CHANGED);
    }

    @Test
    void aConnectionLostInTheMiddleIsSaidAndTheNextCallOpensAnother() throws Exception {
        Path mark = directory.resolve("started");
        CompletableFuture<Reply> running = CompletableFuture.supplyAsync(
                () -> hosts.run(access("ops"), script("touch \"$1\"; " + FOREVER, mark.toString())));
        await(mark);
        host.dropConnections();
        assertThat(trouble(running.get(10, TimeUnit.SECONDS))).isEqualTo(Trouble.DROPPED);
        assertThat(hosts.run(access("ops"), script("echo again"))).isEqualTo(new Reply.Done(0, "again\n", ""));
    }

    @Test
    void aHostWithoutSshdIsUnreachable() {
        host.kill();
        assertThat(trouble(hosts.run(access("ops"), script("true")))).isEqualTo(Trouble.UNREACHABLE);
    }

    @Test
    void aHostKeyInTheSpecThatIsCutIsARefusalAndNoException() {
        HostAccess cut = access("ops", "ssh-ed25519 " + "A".repeat(65));
        assertThat(trouble(hosts.run(cut, script("true")))).isEqualTo(Trouble.HOST_KEY_CHANGED);
    }

    /** sshd takes ten channels on a connection by default, as this one does. */
    @Test
    void feedsAndScriptsBeyondWhatOneConnectionTakesFindTheirPlace() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CompletableFuture<Trouble> ended = new CompletableFuture<>();
        for (int i = 0; i < 12; i++) {
            hosts.follow(access("ops"), script("echo up; " + FOREVER), listener(lines, ended));
        }
        for (int i = 0; i < 12; i++) {
            assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("up");
        }
        Path go = directory.resolve("go");
        String text = "touch \"$1\"; i=0; while [ ! -e \"$2\" ] && [ $i -lt 100 ]; do i=$((i + 1)); sleep 0.1; done";
        List<CompletableFuture<Reply>> running = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> hosts.run(
                                access("ops"),
                                script(text, directory.resolve("mark" + i).toString(), go.toString())),
                        workers))
                .toList();
        IntStream.range(0, 12).forEach(i -> await(directory.resolve("mark" + i)));
        Files.createFile(go);
        for (CompletableFuture<Reply> reply : running) {
            assertThat(reply.get(20, TimeUnit.SECONDS)).isEqualTo(new Reply.Done(0, "", ""));
        }
        assertThat(ended).isNotDone();
    }

    @Test
    void aFeedTakesNoPlaceOfWork() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        hosts.follow(
                access("ops"),
                script("echo \"$SSH_CONNECTION\"; " + FOREVER),
                listener(lines, new CompletableFuture<>()));
        Reply work = hosts.run(access("ops"), script("echo \"$SSH_CONNECTION\""));
        assertThat(((Reply.Done) work).out().strip()).isNotEqualTo(lines.poll(10, TimeUnit.SECONDS));
    }

    @Test
    @Execution(CONCURRENT)
    void aSilentHostHoldsUpOneAttemptAndNotTheNext() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.13"))) {
            HostAccess access = new HostAccess("h1", host.address(), silent.getLocalPort(), host.user(), "ops", "");
            assertThat(trouble(hosts.run(access, script("true")))).isEqualTo(Trouble.UNREACHABLE);
            long begun = System.nanoTime();
            assertThat(trouble(hosts.run(access, script("true")))).isEqualTo(Trouble.UNREACHABLE);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void aFileIsReplacedWholeWithItsMode() throws Exception {
        Path target = host.home().resolve("redis.conf");
        Files.writeString(target, "old");
        assertThat(hosts.put(access("ops"), new RemoteFile(target.toString(), "new\n", 0600, SOON)))
                .isEqualTo(new Reply.Done(0, "", ""));
        assertThat(Files.readString(target)).isEqualTo("new\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
        try (var left = Files.list(host.home())) {
            assertThat(left).containsExactly(target);
        }
    }

    @Test
    void aFileThatCannotBeWrittenLeavesWhatWasThere() {
        Reply reply = hosts.put(access("ops"), new RemoteFile(host.home() + "/missing/x", "new", 0600, SOON));
        assertThat(trouble(reply)).isEqualTo(Trouble.NOT_WRITTEN);
        assertThat(((Reply.Failed) reply).reason()).contains("h1").contains("missing/x");
    }

    @Test
    void aFeedGivesLinesUntilItsHostIsGone() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CompletableFuture<Trouble> ended = new CompletableFuture<>();
        hosts.follow(access("ops"), script("echo one; echo two; " + FOREVER), listener(lines, ended));
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("two");
        host.kill();
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(Trouble.DROPPED);
    }

    private static HostFeed.Listener listener(LinkedBlockingQueue<String> lines, CompletableFuture<Trouble> ended) {
        return new HostFeed.Listener() {
            @Override
            public void line(String line) {
                lines.add(line);
            }

            @Override
            public void ended(Reply.Failed why) {
                ended.complete(why.trouble());
            }
        };
    }

    private static Script script(String text, String... arguments) {
        return new Script("test", text, List.of(arguments), SOON);
    }

    private static Trouble trouble(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        return ((Reply.Failed) reply).trouble();
    }

    private static void await(Path file) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s appears", file).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private SshHosts fresh() throws Exception {
        return new SshHosts(
                new Credentials(directory.resolve("credentials"), false),
                new KnownHosts(directory.resolve("known_hosts")));
    }

    private HostAccess access(String credential) {
        return access(credential, "");
    }

    private HostAccess access(String credential, String hostKey) {
        return new HostAccess("h1", host.address(), host.port(), host.user(), credential, hostKey);
    }
}
