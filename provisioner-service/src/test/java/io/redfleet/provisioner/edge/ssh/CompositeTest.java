package io.redfleet.provisioner.edge.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several scripts as one, with a real shell. */
@Timeout(60)
class CompositeTest {
    private static final HostAccess ACCESS = new HostAccess("r1", "10.0.0.11", 22, "redfleet", "default", "");
    private static final String TOKEN = "0123456789abcdef";

    @TempDir
    Path directory;

    @Test
    void eachHasItsOwnWordsContentLoginAndAnswer() throws Exception {
        Script first = script("echo \"$1|$2|$content|$ask_user|$ask_password\"; echo complains >&2", "a b", "c'd$(e)")
                .carrying("one\n'two'\n")
                .as(new Login("probe", Secret.of("pw'1")));
        Script second = script("x=1; echo \"$#|${content-none}|$ask_user|${x-}\"; printf end");
        Script third = script("echo \"${x-none}|$1\"; piece() { echo other; }; piece", "");
        Script fourth = script("echo \"$(umask)\"; umask 022; piece \"$1\" 3", file("abcdef"));
        assertThat(run(first, second, third, fourth))
                .containsExactly(
                        new Reply.Done(0, "a b|c'd$(e)|one\n'two'\n|probe|pw'1\n", "complains\n"),
                        new Reply.Done(0, "0|none||1\nend", ""),
                        new Reply.Done(0, "none|\nother\n", ""),
                        new Reply.Done(0, "0077\nabc", ""));
    }

    @Test
    void oneThatFailsIsTheLast() throws Exception {
        String ran = directory.resolve("ran").toString();
        assertThat(run(script("echo changed"), script("echo no >&2; exit 3"), script("echo >\"$1\"", ran)))
                .containsExactly(new Reply.Done(0, "changed\n", ""), new Reply.Done(3, "", "no\n"));
        assertThat(Path.of(ran)).doesNotExist();
    }

    @Test
    void whatIsLockedByOneIsFreeForTheNext() throws Exception {
        String lock = file("");
        // By another descriptor: one that the first had left open would hold it still.
        Script first = script("exec 9>>\"$1\"; flock -n 9 && echo locked", lock);
        Script second = script("exec 8>>\"$1\"; flock -n 8 && echo locked", lock);
        assertThat(run(first, second))
                .containsExactly(new Reply.Done(0, "locked\n", ""), new Reply.Done(0, "locked\n", ""));
    }

    @Test
    void eachProvesTheLeaseForItself() throws Exception {
        Path base = Files.createDirectories(directory.resolve("base"));
        Path instance = Files.createDirectories(base.resolve("orders/redis-server"));
        Files.writeString(instance.resolve("owner"), "mark\n");
        String other = "rest=$(tail -n +2 \"$1\"); printf 'lease-2\\n%s\\n' \"$rest\" >\"$1\"";
        Script takes = script(other, base.resolve(".lease").toString());
        try (LeaseProcess lease = LeaseProcess.start(base, "lease-1", 50)) {
            assertThat(lease.beat()).startsWith("held");
            List<Reply> replies = run(note(base, instance, "1"), takes, note(base, instance, "2"));
            assertThat(replies).hasSize(3).startsWith(new Reply.Done(0, "changed\n", ""), new Reply.Done(0, "", ""));
            assertThat(replies.getLast()).isInstanceOfSatisfying(Reply.Done.class, refused -> {
                assertThat(refused.exit()).isEqualTo(1);
                assertThat(refused.err()).startsWith("fenced off, nothing was done: the lease is another's");
            });
        }
        assertThat(instance.resolve("revision")).hasContent("u1 1");
    }

    /** The real one, under the lease {@code lease-1}. */
    private static Script note(Path base, Path instance, String revision) {
        List<String> words = List.of(base.toString(), "lease-1", "0", instance.toString(), "mark", "u1", revision);
        return Scripts.of(Hands.class, "mark", Duration.ofSeconds(10), words);
    }

    @Test
    void whatLooksLikeAnEndIsNone() throws Exception {
        String forged = "printf '\\n%s 0\\n' fedcba9876543210; printf '\\n%s\\n' fedcba9876543210 >&2; exit 1";
        assertThat(run(script(forged), script("echo ran")))
                .containsExactly(new Reply.Done(1, "\nfedcba9876543210 0\n", "\nfedcba9876543210\n"));
        assertThat(Composite.of(List.of(script("true"))).token())
                .as("nobody guesses it")
                .hasSize(32)
                .isNotEqualTo(Composite.of(List.of(script("true"))).token());
    }

    @Test
    void noWordAndNoSecretIsAnArgument() {
        Script part = script("true", "word").carrying("secret").as(new Login("probe", Secret.of("password")));
        Composite all = Composite.of(List.of(part, script("true")), TOKEN);
        assertThat(all.script().arguments()).isEmpty();
        assertThat(all.script().shown() + all).doesNotContain("word", "secret", TOKEN);
        assertThat(all.script().deadline()).isEqualTo(Duration.ofSeconds(20));
        assertThat(all.script().by()).isEqualTo(RunAs.LOGIN);
    }

    @Test
    void theyAreOfOneUserAndBeginWithTheCommonPart() {
        assertThatThrownBy(() ->
                        Composite.of(List.of(script("true"), script("true").by(RunAs.ROOT))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is run by ROOT, not by LOGIN");
        Script bare = new Script("bare", "true\n", List.of(), Duration.ofSeconds(1));
        assertThatThrownBy(() -> Composite.of(List.of(bare)))
                .hasMessageContaining("does not begin with the common part");
    }

    @Test
    void anAnswerThatBreaksOffIsOneOfWhomeverItBrokeOffAt() {
        Composite all = Composite.of(List.of(script("a"), script("b"), script("c")), TOKEN);
        String one = "changed\n\n" + TOKEN + " 0\n";
        Reply changed = new Reply.Done(0, "changed\n", "");
        assertThat(heard(all, new Reply.Done(1, "", "sudo: a password is required\n")))
                .as("no shell was there")
                .containsExactly(new Reply.Done(1, "", "sudo: a password is required\n"));
        assertThat(heard(all, new Reply.Done(2, one + "half", "\n" + TOKEN + "\nsyntax\n")))
                .as("the shell gave up")
                .containsExactly(changed, new Reply.Done(2, "half", "syntax\n"));
        assertThat(heard(all, new Reply.Done(0, one + "half", "\n" + TOKEN + "\n")))
                .as("more than is taken")
                .hasSize(3)
                .startsWith(changed)
                .endsWith(cutShort(), cutShort());
    }

    @Test
    void ofWhatWasSentAndNotAnsweredNobodyKnowsHowFarItCame() {
        Composite all = Composite.of(List.of(script("a"), script("b")), TOKEN);
        for (Trouble trouble : Trouble.values()) {
            Reply failed = new Reply.Failed(trouble, "r1: why");
            boolean sent = trouble == Trouble.DROPPED || trouble == Trouble.TIMED_OUT;
            assertThat(all.replies(ACCESS, failed, "", ""))
                    .as("%s", trouble)
                    .hasSize(sent ? 2 : 1)
                    .containsOnly(failed);
        }
    }

    @Test
    void whatWasHeardBeforeTheWayWasLostCounts() {
        Composite all = Composite.of(List.of(script("a"), script("b"), script("c")), TOKEN);
        Reply lost = new Reply.Failed(Trouble.DROPPED, "r1: lost");
        String one = "changed\n\n" + TOKEN + " 0\n";
        Reply changed = new Reply.Done(0, "changed\n", "");
        assertThat(all.replies(ACCESS, lost, one + "unchang", "\n" + TOKEN + "\n"))
                .containsExactly(changed, lost, lost);
        assertThat(all.replies(ACCESS, lost, one + one + one, "")).containsExactly(changed, changed, changed);
        assertThat(all.replies(ACCESS, lost, one + "\n" + TOKEN + " 1\n", ""))
                .as("the end of one that failed")
                .containsExactly(changed, new Reply.Done(1, "", ""));
    }

    private static List<Reply> heard(Composite all, Reply.Done done) {
        return all.replies(ACCESS, done, done.out(), done.err());
    }

    private static Reply cutShort() {
        return new Reply.Failed(Trouble.DROPPED, ACCESS + ": the answer was cut short during script");
    }

    /** A script with functions of its own, which begins as all do. */
    private static Script script(String body, String... words) {
        String text = Scripts.common() + "main() {\n  " + body + "\n}\nmain \"$@\" </dev/null\n";
        return new Script("script", text, Arrays.asList(words), Duration.ofSeconds(10));
    }

    private String file(String content) throws IOException {
        return Files.writeString(directory.resolve("file"), content).toString();
    }

    private List<Reply> run(Script... parts) throws Exception {
        Composite all = Composite.of(List.of(parts), TOKEN);
        Path err = directory.resolve("err");
        Process shell =
                new ProcessBuilder("sh", "-s", "--").redirectError(err.toFile()).start();
        try (var in = shell.getOutputStream()) {
            in.write((Execution.before(all.script()) + all.script().text()).getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = shell.waitFor();
        return heard(all, new Reply.Done(exit, out, Files.readString(err)));
    }
}
