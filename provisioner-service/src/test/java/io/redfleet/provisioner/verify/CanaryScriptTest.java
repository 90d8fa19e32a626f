package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** canary.sh against a real master and a real replica; what it writes lives for a second here. */
@Timeout(120)
class CanaryScriptTest {
    private static final String KEY = UsersFile.CANARY_KEY;
    private static final Duration SOON = Duration.ofSeconds(20);

    private RedisNode master;
    private RedisNode replica;

    @BeforeEach
    void aMasterAndItsReplica() {
        master = RedisNode.start();
        replica = RedisNode.replicaOf(master);
        Await.until("a link", SOON, () -> replica.say("INFO", "replication").contains("master_link_status:up"));
        Await.until("a replica", SOON, () -> master.say("INFO", "replication").contains("state=online"));
    }

    @AfterEach
    void end() {
        replica.close();
        master.close();
    }

    @Test
    void theKeyComesOnBothAndGoesByItself() throws Exception {
        assertThat(said(""))
                .containsExactlyInAnyOrder(
                        "i.m.canary=wrote OK",
                        "i.m.canary=read yes",
                        "i.m.canary=gone yes",
                        "i.r.canary=read yes",
                        "i.r.canary=gone yes",
                        "canary.end=yes")
                .endsWith("canary.end=yes");
        assertThat(master.say("DBSIZE")).isEqualTo("0");
    }

    @Test
    void aKeyThatIsThereIsNeverWrittenOver() throws Exception {
        master.say("SET", KEY, "mine");
        assertThat(said("")).contains("i.m.canary=wrote EXISTS another one of that name is there");
        assertThat(master.say("GET", KEY)).isEqualTo("mine");
        assertThat(master.say("TTL", KEY)).isEqualTo("-1");
    }

    @Test
    void anEarlierOneIsWaitedForAndOneOfOursWhoseAnswerWasLostCounts() throws Exception {
        master.say("SET", KEY, "earlier", "PX", "800");
        assertThat(said("")).contains("i.m.canary=wrote OK", "i.m.canary=gone yes");
        master.say("SET", KEY, "token", "PX", "900");
        assertThat(said("")).contains("i.m.canary=wrote OK", "i.m.canary=gone yes");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({"maxmemory, 1, OOM", "min-replicas-to-write, 3, NOREPLICAS"})
    void whatTheMasterRefusesIsSaidInItsOwnWords(String setting, String value, String word) throws Exception {
        master.say("CONFIG", "SET", setting, value);
        assertThat(said(""))
                .anyMatch(line -> line.startsWith("i.m.canary=wrote " + word + " "))
                .contains("i.r.canary=read it is not there");
        assertThat(master.say("EXISTS", KEY)).isEqualTo("0");
    }

    @Test
    void theUserCanaryMayDoAllOfItAndAnotherMayNot() throws Exception {
        for (RedisNode node : List.of(master, replica)) {
            node.say("ACL", "SETUSER", "canary", "on", ">pw", "~" + KEY, "-@all", "+ping", "+set", "+get");
            node.say("ACL", "SETUSER", "probe", "on", ">pw", "-@all", "+ping", "+info");
        }
        assertThat(said("ask_user=canary ask_password=pw\n"))
                .contains("i.m.canary=wrote OK", "i.m.canary=gone yes", "i.r.canary=read yes", "i.r.canary=gone yes");
        assertThat(said("ask_user=probe ask_password=pw\n"))
                .anyMatch(line -> line.startsWith("i.m.canary=wrote NOPERM "))
                .anyMatch(line -> line.startsWith("i.r.canary=read it answers NOPERM "));
    }

    @Test
    void aReplicaThatFollowsNobodyIsNamed() throws Exception {
        replica.say("REPLICAOF", "NO", "ONE");
        assertThat(said("")).contains("i.m.canary=gone yes", "i.r.canary=read it is not there");
    }

    private List<String> said(String login) throws Exception {
        List<String> words = new ArrayList<>(List.of("/base", "orders", KEY, "token", "1"));
        words.addAll(List.of("master", "m", master.host(), "" + master.port()));
        words.addAll(List.of("replica", "r", replica.host(), "" + replica.port()));
        Script script = Scripts.of(Canary.class, "canary", SOON, words);
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(script.arguments());
        Process shell = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        shell.getOutputStream().write((login + script.text()).getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().close();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said.lines().toList();
    }
}
