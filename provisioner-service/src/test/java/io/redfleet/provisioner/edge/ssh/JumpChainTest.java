package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.JumpHost;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.HostFeed;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import io.redfleet.testkit.LoopbackHost;
import io.redfleet.testkit.SshKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host behind a jump host, each with an sshd of its own. */
@Timeout(60)
class JumpChainTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    /** Until its session is gone, so that no test leaves anything behind. */
    private static final String FOREVER = "while kill -0 \"$PPID\" 2>/dev/null; do sleep 0.1; done";

    @TempDir
    Path directory;

    private LoopbackHost jump;
    private LoopbackHost host;
    private SshHosts hosts;

    @BeforeEach
    void aHostBehindAnother() throws Exception {
        Path credentials = Files.createDirectories(directory.resolve("credentials"));
        SshKey key = SshKey.generate(credentials.resolve("ops"));
        jump = LoopbackHost.start(directory, "127.0.0.12", key);
        jump.resumeWith("DisableForwarding no", "AllowTcpForwarding yes");
        host = LoopbackHost.start(directory, "127.0.0.13", key);
        hosts = hosts();
    }

    @AfterEach
    void end() {
        hosts.close();
        host.close();
        jump.close();
    }

    @Test
    void scriptsFilesAndFeedsGoThroughOneSessionWithTheJumpHostAndBothKeysArePinned() throws Exception {
        assertThat(hosts.run(access(), script("printf '%s|' \"$@\"", "a b", "it's")))
                .isEqualTo(new Reply.Done(0, "a b|it's|", ""));
        Path target = host.home().resolve("redis.conf");
        String content = "x".repeat(700_000);
        assertThat(hosts.put(access(), new RemoteFile(target.toString(), content, 0600, SOON)))
                .isEqualTo(new Reply.Done(0, "", ""));
        assertThat(Files.readString(target)).isEqualTo(content);
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        HostFeed.Subscription feed =
                hosts.follow(access(), script("echo up; " + FOREVER), listener(lines, new CompletableFuture<>()));
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("up");

        assertThat(ProcessHandle.of(jump.pid()).orElseThrow().children().count())
                .as("sessions that the jump host has")
                .isEqualTo(1);
        assertThat(Files.readAllLines(directory.resolve("known_hosts")))
                .containsExactlyInAnyOrder(
                        jump.address() + ":" + jump.port() + " " + jump.publicHostKey(),
                        host.address() + ":" + host.port() + " " + host.publicHostKey());
        feed.cancel();
    }

    @Test
    void aLoginThatIsAskedForAnewGoesThroughTheSameSessionAndLeavesTheOtherAsItIs() {
        Script who = script("echo \"$SSH_CONNECTION\"");
        Reply kept = hosts.run(access(), who);
        Reply first = hosts.anew(access(), who);
        assertThat(first).isInstanceOf(Reply.Done.class).isNotEqualTo(kept);
        assertThat(hosts.anew(access(), who)).isInstanceOf(Reply.Done.class).isNotEqualTo(first);
        assertThat(hosts.run(access(), who)).isEqualTo(kept);
        assertThat(ProcessHandle.of(jump.pid()).orElseThrow().children().count())
                .as("sessions that the jump host has")
                .isEqualTo(1);
    }

    @Test
    void aLoginThatIsAskedForAnewIsRefusedWhereTheJumpHostIsOutOfReachOrGone() throws Exception {
        assertThat(hosts.run(access(), script("echo here"))).isEqualTo(new Reply.Done(0, "here\n", ""));
        Path limits = directory.resolve("credentials/ops.properties");
        Files.writeString(limits, "addresses = 127.0.0.13\n");
        assertThat(hosts.anew(access(), script("echo there")))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.trouble()).isEqualTo(Trouble.JUMP_HOST));
        jump.kill();
        Files.delete(limits);
        assertThat(hosts.anew(access(), script("echo there")))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.reason()).contains(jumpHost()));
    }

    @Test
    void endlessOutputComesThroughAsFastAsItIsRead() {
        Reply reply = hosts.run(access(), script("head -c 3000000 /dev/zero | tr '\\0' x"));
        assertThat(((Reply.Done) reply).out()).hasSize(1024 * 1024);
    }

    @Test
    void aJumpHostThatForbidsItIsSaidAndNotTheHost() throws Exception {
        String says = jumpHost() + " lets nobody through to " + host.address() + ":" + host.port();
        jump.resumeWith("DisableForwarding no", "AllowTcpForwarding no");
        assertFailed(Trouble.JUMP_HOST, says, "AllowTcpForwarding");
        anew();
        jump.resumeWith("DisableForwarding no", "AllowTcpForwarding yes", "PermitOpen 127.0.0.99:22");
        assertFailed(Trouble.JUMP_HOST, says, "PermitOpen");
    }

    @Test
    void aJumpHostThatIsDeadIsSaidAndAHostThatIsDeadBehindOneThatLives() throws Exception {
        host.kill();
        assertFailed(Trouble.UNREACHABLE, jumpHost() + " could not connect to " + host.address() + ":" + host.port());
        host.resume();
        anew();
        assertThat(hosts.run(access(), script("true"))).isInstanceOf(Reply.Done.class);
        anew();
        jump.kill();
        assertFailed(Trouble.JUMP_HOST, "h1 (", jumpHost() + " gave no answer: ");
    }

    @Test
    void aJumpHostThatDiesInTheMiddleIsSaidAndTheNextCallGoesThroughItAgain() throws Exception {
        Path mark = directory.resolve("started");
        CompletableFuture<Reply> running = CompletableFuture.supplyAsync(
                () -> hosts.run(access(), script("touch \"$1\"; " + FOREVER, mark.toString())));
        await(mark);
        jump.kill();
        assertThat(running.get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.trouble()).isEqualTo(Trouble.DROPPED);
            assertThat(failed.reason()).contains("the connection to " + jumpHost() + " was lost");
        });
        assertFailed(Trouble.JUMP_HOST, jumpHost() + " gave no answer");
        jump.resume();
        assertThat(hosts.run(access(), script("echo again"))).isEqualTo(new Reply.Done(0, "again\n", ""));
    }

    @Test
    void aConnectionToTheHostAloneThatIsLostIsNotTheJumpHosts() throws Exception {
        Path mark = directory.resolve("started");
        CompletableFuture<Reply> running = CompletableFuture.supplyAsync(
                () -> hosts.run(access(), script("touch \"$1\"; " + FOREVER, mark.toString())));
        await(mark);
        host.dropConnections();
        assertThat(running.get(10, TimeUnit.SECONDS)).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.trouble()).isEqualTo(Trouble.DROPPED);
            assertThat(failed.reason()).doesNotContain("jump host");
        });
        assertThat(hosts.run(access(), script("echo again"))).isEqualTo(new Reply.Done(0, "again\n", ""));
    }

    @Test
    void aFeedEndsWithItsJumpHost() throws Exception {
        LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        CompletableFuture<Reply.Failed> ended = new CompletableFuture<>();
        hosts.follow(access(), script("echo one; " + FOREVER), listener(lines, ended));
        assertThat(lines.poll(10, TimeUnit.SECONDS)).isEqualTo("one");
        jump.kill();
        assertThat(ended.get(20, TimeUnit.SECONDS).trouble()).isEqualTo(Trouble.DROPPED);
    }

    @Test
    void anotherKeyOfTheJumpHostStopsWhatIsBehindIt() throws Exception {
        assertThat(hosts.run(access(), script("true"))).isInstanceOf(Reply.Done.class);
        jump.resumeWithNewHostKey();
        assertFailed(Trouble.JUMP_HOST, jumpHost() + ": the host shows SHA256:", "pinned is SHA256:");
    }

    @Test
    void aKeyIsShownToNoJumpHostBeyondItsLimits() throws Exception {
        assertThat(hosts.run(access(), script("true"))).isInstanceOf(Reply.Done.class);
        Path limits = directory.resolve("credentials/ops.properties");
        Files.writeString(limits, "addresses = 127.0.0.13\n");
        assertFailed(Trouble.JUMP_HOST, jumpHost() + ": 127.0.0.12 is outside of what key ops reaches");
        Files.writeString(limits, "addresses = 127.0.0.12\n");
        assertFailed(Trouble.OUT_OF_REACH, "127.0.0.13 is outside of what key ops reaches");
    }

    private void assertFailed(Trouble trouble, String... says) {
        assertThat(hosts.run(access(), script("true"))).isInstanceOfSatisfying(Reply.Failed.class, failed -> {
            assertThat(failed.reason()).contains(says);
            assertThat(failed.trouble()).isEqualTo(trouble);
        });
    }

    private static HostFeed.Listener listener(
            LinkedBlockingQueue<String> lines, CompletableFuture<Reply.Failed> ended) {
        return new HostFeed.Listener() {
            @Override
            public void line(String line) {
                lines.add(line);
            }

            @Override
            public void ended(Reply.Failed why) {
                ended.complete(why);
            }
        };
    }

    private static void await(Path file) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("%s appears", file).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static Script script(String text, String... arguments) {
        return new Script("test", text, List.of(arguments), SOON);
    }

    /** Nothing is known of earlier attempts. */
    private void anew() throws Exception {
        hosts.close();
        hosts = hosts();
    }

    private SshHosts hosts() throws Exception {
        return new SshHosts(
                new Credentials(directory.resolve("credentials"), false),
                new KnownHosts(directory.resolve("known_hosts")));
    }

    private String jumpHost() {
        return "jump host " + jump.user() + "@" + jump.address() + ":" + jump.port();
    }

    private HostAccess access() {
        JumpHost via = new JumpHost(jump.user(), jump.address(), jump.port());
        return new HostAccess("h1", host.address(), host.port(), host.user(), "ops", "", via);
    }
}
