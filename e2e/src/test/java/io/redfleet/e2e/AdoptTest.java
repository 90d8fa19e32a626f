package io.redfleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that somebody built by hand, of processes that Redfleet did not start: drafted, observed, and through a
 * failover, with somebody listening on every data node and at the door of SSH.
 */
@Tag("long")
class AdoptTest {
    /** Longer than a busy machine makes a Redis wait: nothing is to happen before the master is killed. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(10);

    /** All that is ever sent to a data node (docs/adopt.md). */
    private static final Set<String> DOCUMENTED =
            Set.of("\"CLIENT\" \"SETNAME\" \"probe\"", "\"PING\"", "\"ROLE\"", "\"INFO\"");

    @TempDir
    Path directory = Path.of("");

    @Test
    void aClusterBuiltByHandIsWatchedAndHearsNothingButQuestions() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER);
                ServerSocket ssh = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Installation redfleet = Installation.up(home);
                PlainConsumer events = new PlainConsumer(redfleet.bootstrap(), redfleet.login("consumer"))) {
            Api api = new Api(redfleet.gateway(), redfleet.adminToken());
            try {
                List<String> before = files(trio);
                takenIn(redfleet, trio, api);
                Path draft = draft(redfleet, trio, ssh.getLocalPort());
                List<Ear> ears = new ArrayList<>();
                for (RedisNode node : trio.nodes()) {
                    ears.add(new Ear(node));
                }
                observed(redfleet, api, draft);
                whateverWouldBeWrittenIsRefused(api, trio.nodes().getFirst());
                for (Ear ear : ears) {
                    assertThat(ear.strangersSaid())
                            .contains("\"PING\"", "\"ROLE\"", "\"INFO\"")
                            .isSubsetOf(DOCUMENTED);
                }
                assertThat(files(trio)).as("byte for byte").isEqualTo(before);

                failsOver(trio, api, events);
                assertThat(events.types()).doesNotContain("restart.requested", "restart.performed");
                nobodyKnocked(ssh);
                assertThat(Topics.text(redfleet, "redfleet.hosts.v1")).isEmpty();
                ends(trio, api);
                nobodyKnocked(ssh);
            } catch (AssertionError e) {
                throw new AssertionError(e.getMessage() + "\n" + Evidence.of(redfleet, events), e);
            }
        }
    }

    /** By the provisioner, which asks what the command asks; it is let go of before the draft is applied. */
    private static void takenIn(Installation redfleet, RedisTrio trio, Api api) {
        String sentinel = trio.sentinels().getFirst().address();
        Installation.Said dry = redfleet.commandLine("take-in", "--sentinel", sentinel, "--dry-run");
        assertThat(dry.status()).as(dry.text()).isZero();
        assertThat(dry.text()).contains("manage: \"observe\"", "Nothing was changed anywhere.");
        assertThat(api.get("/clusters/orders").status()).isEqualTo(404);
        Installation.Said taken = redfleet.commandLine("take-in", "--sentinel", sentinel, "--name", "taken", "--wait");
        assertThat(taken.status()).as(taken.text()).isZero();
        JsonNode cluster = api.get("/clusters/taken").body();
        assertThat(cluster.path("spec").path("manage").asText()).isEqualTo("OBSERVE");
        Installation.Said again = redfleet.commandLine("take-in", "--sentinel", sentinel, "--name", "taken");
        assertThat(again.status()).as(again.text()).isEqualTo(1);
        assertThat(again.text()).contains("cluster taken stands already");
        assertThat(api.delete("/clusters/taken?confirm=taken").status()).isEqualTo(202);
        within(30, "it is forgotten", () -> api.get("/clusters/taken").status() == 404);
    }

    /** As the command drafts it; but for where SSH would be looked for, it is applied as it is. */
    private Path draft(Installation redfleet, RedisTrio trio, int ssh) throws IOException {
        String sentinel = trio.sentinels().getFirst().address();
        Installation.Said said = redfleet.withoutGateway("adopt", "--sentinel", sentinel, "--draft", "-o", "json");
        assertThat(said.status()).as(said.text()).isZero();
        String json =
                said.text().substring(said.text().indexOf('{'), said.text().lastIndexOf('}') + 1);
        JsonNode draft = Codec.mapper().readTree(json).path("drafts").path(0);
        assertThat(draft.path("blanks").size()).as("%s", draft).isZero();
        JsonNode document = draft.path("document");
        assertThat(document.path("spec").path("manage").asText()).isEqualTo("observe");
        for (JsonNode host : document.path("spec").path("hosts")) {
            ((ObjectNode) host).putObject("ssh").put("port", ssh);
        }
        return Files.writeString(directory.resolve("orders.yaml"), document.toString());
    }

    private static void observed(Installation redfleet, Api api, Path draft) {
        Installation.Said planned = redfleet.commandLine("plan", "-f", draft.toString());
        assertThat(planned.status()).as(planned.text()).isZero();
        assertThat(planned.text()).contains("observed: nothing is written");
        Installation.Said applied = redfleet.commandLine("apply", "-f", draft.toString(), "--wait");
        assertThat(applied.status()).as(applied.text()).isZero();
        within(60, "it is seen as it is", () -> Look.diagnosis(api).equals("HEALTHY"));
        JsonNode cluster = Look.cluster(api);
        assertThat(cluster.path("spec").path("manage").asText()).isEqualTo("OBSERVE");
        assertThat(cluster.path("phase").asText()).isEqualTo("READY");
        assertThat(cluster.path("drift").path("reason").asText()).contains("only observed");
    }

    private static void whateverWouldBeWrittenIsRefused(Api api, RedisNode node) {
        String restart = "/clusters/orders/instances/ip-127-0-0-1/redis-" + node.port() + "/restart";
        Api.Answer refused = api.post(restart, "application/json", "{}");
        assertThat(refused.status()).as("%s", refused.body()).isEqualTo(409);
        assertThat(refused.body().path("detail").asText()).startsWith("orders is only observed (manage: observe)");
        assertThat(api.get("/clusters/orders/verify").status()).isEqualTo(409);
        assertThat(api.delete("/clusters/orders?confirm=orders&keepData=false").status())
                .isEqualTo(422);
    }

    /** Sentinel's work alone; whoever was killed stays so. */
    private static void failsOver(RedisTrio trio, Api api, PlainConsumer events) {
        RedisNode old = trio.nodes().getFirst();
        old.kill9();
        within(
                30,
                "its death is an event",
                () -> events.first(
                                "instance.down",
                                event -> String.valueOf(event.getSubject()).endsWith("redis-" + old.port()))
                        .isPresent());
        within(
                90,
                "so is the failover",
                () -> events.first("failover.switched", event -> true).isPresent());
        within(
                60,
                "the views name the new master",
                () -> trio.master()
                        .filter(master -> master != old && Look.master(api).equals(master.address()))
                        .isPresent());
        within(
                30,
                "an incident tells of it",
                () -> !api.get("/alerts").body().path("items").isEmpty());
        assertThat(old.alive()).isFalse();
    }

    private static void ends(RedisTrio trio, Api api) {
        Api.Answer ended = api.delete("/clusters/orders?confirm=orders");
        assertThat(ended.status()).as("%s", ended.body()).isEqualTo(202);
        within(30, "it is forgotten", () -> api.get("/clusters/orders").status() == 404);
        assertThat(trio.nodes().subList(1, 3)).allMatch(RedisNode::alive);
        assertThat(trio.sentinels()).allMatch(SentinelNode::alive);
    }

    private static void nobodyKnocked(ServerSocket ssh) throws IOException {
        ssh.setSoTimeout(1);
        assertThatThrownBy(ssh::accept).isInstanceOf(SocketTimeoutException.class);
    }

    private static List<String> files(RedisTrio trio) throws IOException {
        List<String> files = new ArrayList<>();
        for (SentinelNode sentinel : trio.sentinels()) {
            files.add(Files.readString(sentinel.configFile()));
        }
        for (RedisNode node : trio.nodes()) {
            files.add(Files.readString(node.configFile()));
        }
        return files;
    }

    private static void within(int seconds, String what, BooleanSupplier holds) {
        Await.until(what, Duration.ofSeconds(seconds), holds);
    }
}
