package io.redfleet.provisioner.verify;

import static io.redfleet.provisioner.verify.World.R2;
import static io.redfleet.provisioner.verify.World.S1;
import static io.redfleet.provisioner.verify.World.S3;
import static io.redfleet.provisioner.verify.World.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is made of a key that is written, and read on three data nodes; r1 leads. */
class CanaryTest {
    private final World world = new World();
    private final Map<HostName, Reply> replies = new HashMap<>();

    CanaryTest() {
        says("r1", "wrote OK; read yes; gone yes");
        says("r2", "read yes; gone yes");
        says("r3", "read yes; gone yes");
    }

    @Test
    void whereItComesAndGoesEveryDataNodePassesAndItCountsForItsHost() {
        Canary.Seen seen = judged();
        assertThat(seen.wrote()).isTrue();
        assertThat(seen.again()).isFalse();
        assertThat(seen.checks())
                .hasSize(3)
                .allMatch(check -> check.rule() == Rule.CANARY && check.result() == Check.Result.PASSED);
        Judged before = world.judged();
        Judged after = before.and(world.spec(), seen.checks());
        assertThat(after.holds()).isTrue();
        assertThat(after.report().limits()).isEqualTo(before.report().limits());
        for (int host = 0; host < 3; host++) {
            assertThat(after.report().hosts().get(host).passed())
                    .isEqualTo(before.report().hosts().get(host).passed() + 1);
        }
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "OOM command not allowed | its memory is full (maxmemory): OOM",
                "NOREPLICAS Not enough good replicas to write. | min-replicas-to-write asks for: NOREPLICAS",
                "NOPERM this user has no permissions | the user canary may not, or is not let in: NOPERM",
                "AUTH failed: WRONGPASS invalid NOAUTH | the user canary may not, or is not let in: AUTH failed",
                "MISCONF Redis is configured to save | while it cannot save: MISCONF",
                "READONLY no writes against a replica | it is a replica by now: READONLY",
                "EXISTS another one of that name is there | is there already, and is left as it is: EXISTS",
                "SILENT no answer within 2 s | did not take redfleet:canary: SILENT no answer within 2 s",
                "ERR of another kind | did not take redfleet:canary: ERR of another kind",
            })
    void whyAMasterTakesNoWriteIsToldAsThatAndFailsNothing(String wrote, String says) {
        says("r1", "wrote " + wrote);
        says("r2", "read it is not there");
        Canary.Seen seen = judged();
        assertThat(seen.again()).as("another key would not be taken either").isFalse();
        assertThat(seen.checks()).singleElement().satisfies(check -> {
            assertThat(check.subject()).isEqualTo("r1/redis-server");
            assertThat(check.result()).isEqualTo(Check.Result.BROKEN);
            assertThat(check.found()).contains(says);
        });
        Judged judged = world.judged().and(world.spec(), seen.checks());
        assertThat(judged.holds()).isTrue();
        assertThat(judged.report().findings())
                .extracting(Verification.Finding::ruling)
                .containsExactly(Verification.Ruling.WARNED);
    }

    @ParameterizedTest(name = "r2 says: {0}: {1}, {2}")
    @CsvSource({
        "read it is not there, BROKEN, redfleet:canary was not read in time: it is not there",
        "read no answer within 2 s, BROKEN, was not read in time: no answer within 2 s",
        "read yes; gone no, BROKEN, redfleet:canary is still there",
        "read yes, UNKNOWN, does not say whether the key came",
        "nothing, UNKNOWN, does not say whether the key came",
    })
    void aReplicaOnWhichItDoesNotComeOrGoIsNamedAndAskedOnceMore(String words, Check.Result result, String says) {
        says("r2", words);
        Canary.Seen seen = judged();
        assertThat(seen.again()).isTrue();
        assertThat(seen.checks())
                .filteredOn(check -> check.result() != Check.Result.PASSED)
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.subject()).isEqualTo(R2);
                    assertThat(check.result()).isEqualTo(result);
                    assertThat(check.found()).contains(says);
                    assertThat(check.fails()).isFalse();
                });
    }

    @Test
    void aHostThatDoesNotAnswerNowFailsTheOperationAndNoSecondKeyIsWritten() {
        replies.put(new HostName("r3"), new Reply.Failed(Trouble.DROPPED, "r3: the connection was lost"));
        assertThat(judged().again()).isFalse();
        assertThat(world.judged().and(world.spec(), judged().checks()).reason())
                .isEqualTo("r3: not verified: reached: r3: the connection was lost");
        replies.put(new HostName("r3"), new Reply.Done(137, "i.redis-server.canary=read yes\n", "killed"));
        assertThat(judged().checks().getFirst().found()).isEqualTo("the write of a key was cut short: killed");
        replies.remove(new HostName("r3"));
        assertThat(judged().checks()).allMatch(Check::fails);
    }

    @Test
    void eachHostIsAskedAsTheUserWhoOwnsTheKeyAndOneOfThemWrites() {
        List<String> roles = world.spec().hosts().stream()
                .map(host -> {
                    Script script = canary().script(host, "t");
                    assertThat(script.login().user()).isEqualTo(Purpose.CANARY.word());
                    assertThat(script.login().tls())
                            .isEqualTo(world.spec().security().tls());
                    assertThat(script.arguments()).contains("redfleet:canary", "t", "redis-server", host.address());
                    return script.arguments().get(5);
                })
                .toList();
        assertThat(roles).containsExactly("master", "replica", "replica");
    }

    @Test
    void whoDoesNotAnswerIsNotAsked() {
        world.ping.put(R2, "LOADING Redis is loading");
        assertThat(canary().nodes()).extracting(node -> node.id().value()).doesNotContain(R2);
        assertThat(canary().script(world.spec().hosts().get(1), "t").arguments())
                .hasSize(5);
    }

    @Test
    void whereNobodyIsKnownToLeadOrOthersMadeTheUsersNoKeyIsWritten() {
        assertThat(Canary.of(world.spec().with(Manage.OBSERVE), world.found().survey()))
                .isEmpty();
        set(world.master, S1, "ip", "10.0.0.99");
        set(world.master, S3, "ip", "10.0.0.99");
        assertThat(Canary.of(world.spec(), world.found().survey())).isEmpty();
    }

    private Canary canary() {
        return Canary.of(world.spec(), world.found().survey()).orElseThrow();
    }

    private Canary.Seen judged() {
        return canary().judge(replies);
    }

    private void says(String host, String words) {
        StringBuilder out = new StringBuilder();
        for (String word : words.split("; ", -1)) {
            out.append("i.redis-server.canary=").append(word).append('\n');
        }
        replies.put(new HostName(host), new Reply.Done(0, out + "canary.end=yes\n", ""));
    }
}
