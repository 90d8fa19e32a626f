package io.redfleet.provisioner.verify;

import static io.redfleet.provisioner.verify.World.R1;
import static io.redfleet.provisioner.verify.World.R2;
import static io.redfleet.provisioner.verify.World.R3;
import static io.redfleet.provisioner.verify.World.S1;
import static io.redfleet.provisioner.verify.World.S3;
import static io.redfleet.provisioner.verify.World.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.secret.Accounts;
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
    void aHostThatDoesNotAnswerNowIsToldAsThatFailsNothingAndNoSecondKeyIsWritten() {
        replies.put(new HostName("r3"), new Reply.Failed(Trouble.DROPPED, "r3: the connection was lost"));
        Canary.Seen seen = judged();
        assertThat(seen.again()).isFalse();
        assertThat(seen.wrote()).isTrue();
        assertThat(seen.checks()).hasSize(3);
        unknown(R3, "r3: the connection was lost");
        Judged judged = world.judged().and(world.spec(), seen.checks());
        assertThat(judged.holds()).isTrue();
        assertThat(judged.report().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo("canary");
            assertThat(finding.ruling()).isNotEqualTo(Verification.Ruling.FAILED);
        });
        replies.put(new HostName("r3"), new Reply.Done(137, "i.redis-server.canary=read yes\n", "killed"));
        unknown(R3, "the write of a key was cut short: killed");
        replies.remove(new HostName("r3"));
        unknown(R3, "it was not asked");
        says("r2", "read it is not there");
        assertThat(judged().again()).as("for r2's sake").isTrue();
    }

    @Test
    void whereTheMastersHostDoesNotAnswerNothingIsSaidOfTheOthers() {
        replies.put(new HostName("r1"), new Reply.Failed(Trouble.DROPPED, "r1: the connection was lost"));
        says("r2", "read it is not there");
        assertThat(judged().again()).isFalse();
        assertThat(judged().checks()).hasSize(1);
        unknown(R1, "r1: the connection was lost");
    }

    private void unknown(String subject, String why) {
        assertThat(judged().checks())
                .filteredOn(check -> check.subject().equals(subject))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.rule()).isEqualTo(Rule.CANARY);
                    assertThat(check.result()).isEqualTo(Check.Result.UNKNOWN);
                    assertThat(check.found()).isEqualTo(why);
                    assertThat(check.fails()).isFalse();
                });
    }

    /** A key of two seconds is over there before it comes, or may be. */
    @ParameterizedTest(name = "r1 is {0} s ahead, r2 {1}: {2}")
    @CsvSource({"0, 1, UNKNOWN", "0, 7, UNKNOWN", "-5, -1, UNKNOWN", "0, 0, BROKEN", "7, 7, BROKEN", "7, 0, BROKEN"})
    void whoseClockIsAheadOfTheMastersMayNotShowTheKey(long master, long replica, Check.Result result) {
        world.ahead.put("r1", master);
        world.ahead.put("r2", replica);
        assertThat(judged().checks())
                .as("where it comes, no clock is in the way")
                .allMatch(check -> check.result() == Check.Result.PASSED);
        says("r2", "read it is not there");
        assertThat(judged().again()).isEqualTo(result == Check.Result.BROKEN);
        if (result == Check.Result.UNKNOWN) {
            unknown(
                    R2,
                    "its host's clock is " + (replica - master)
                            + " s ahead of the master's: redfleet:canary may be over there before it comes: it is not there");
        } else {
            assertThat(judged().checks())
                    .filteredOn(check -> check.result() == result)
                    .singleElement()
                    .satisfies(check -> assertThat(check.found()).contains("was not read in time"));
        }
    }

    @Test
    void withoutAccessControlItIsTheDefaultUserWhoWrites() {
        says("r1", "wrote NOAUTH Authentication required.");
        Canary open = canary();
        assertThat(new Canary(open.spec(), Accounts.NONE, open.leader(), open.nodes(), Map.of())
                        .judge(replies)
                        .checks())
                .singleElement()
                .satisfies(check ->
                        assertThat(check.found()).contains("the default user may not, or is not let in: NOAUTH"));
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
        assertThat(canary().hosts()).extracting(host -> host.name().value()).containsExactly("r1", "r3");
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
