package io.redfleet.adopt.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Survey;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import io.redfleet.testkit.SentinelNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real cluster, with somebody listening on every data node: what a survey sends there, and what it leaves behind. */
@Tag("peer")
@Timeout(180)
class ZeroWritesTest {
    private static final Duration WITHIN = Duration.ofSeconds(20);
    /** Longer than a busy machine makes a Redis wait: nothing is to happen of itself. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(30);

    private static final Pattern MONITORED = Pattern.compile("^\\d+\\.\\d+ \\[\\d+ ([^\\]]+)\\] (.*)$");
    private static final Pattern CLIENT = Pattern.compile("(?m)\\baddr=(\\S+)");

    /** What Sentinels and replicas say among themselves all the time, and what this test says. */
    private static final Set<String> USUAL =
            Set.of("ping", "info", "publish", "replconf", "monitor", "echo", "client|list", "client");

    /** What the settings of a master are, as opposed to how long ago something was heard. */
    private static final List<String> KEPT = List.of(
            "ip",
            "port",
            "flags",
            "num-slaves",
            "num-other-sentinels",
            "quorum",
            "config-epoch",
            "down-after-milliseconds",
            "failover-timeout",
            "parallel-syncs");

    @Test
    void aSurveyReadsAndNothingElse() throws IOException {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER)) {
            Map<RedisNode, Ear> ears = new LinkedHashMap<>();
            Map<RedisNode, Map<String, Long>> calls = new LinkedHashMap<>();
            for (RedisNode node : trio.nodes()) {
                ears.put(node, new Ear(node));
                calls.put(node, calls(node));
            }
            List<String> sentinels =
                    trio.sentinels().stream().map(ZeroWritesTest::state).toList();
            List<String> files = files(trio);

            SentinelNode first = trio.sentinels().getFirst();
            Survey survey = new Survey(new SocketPeers(Login.NONE, Login.NONE, Patience.USUAL));
            Survey.Result result = survey.look(new Endpoint(first.host(), first.port()), new Choice.TheOnlyOne());

            assertThat(result).isInstanceOf(Survey.Seen.class);
            for (RedisNode node : trio.nodes()) {
                assertThat(Objects.requireNonNull(ears.get(node)).strangersSaid())
                        .as(node.address())
                        .containsExactly("\"INFO\" \"server\"", "\"INFO\" \"replication\"");
                Set<String> grown = grown(Objects.requireNonNull(calls.get(node)), calls(node));
                assertThat(grown).as(node.address()).contains("info").isSubsetOf(USUAL);
            }
            assertThat(trio.sentinels().stream().map(ZeroWritesTest::state).toList())
                    .isEqualTo(sentinels);
            assertThat(files(trio)).isEqualTo(files);
            drafted(trio, ((Survey.Seen) result).drafts());
        }
    }

    private static void drafted(RedisTrio trio, List<Draft> drafts) {
        assertThat(drafts).singleElement().satisfies(draft -> {
            assertThat(draft.masterName()).isEqualTo("orders");
            assertThat(draft.findings().stream().map(Object::toString))
                    .as("three data nodes at one address")
                    .singleElement()
                    .asString()
                    .contains("several data nodes at one address");
            String document = draft.document().toString();
            assertThat(document).contains("quorum=2, downAfter=30s, failoverTimeout=10s, parallelSyncs=1");
            trio.nodes().forEach(node -> assertThat(document).contains("role=redis, port=" + node.port()));
            trio.sentinels().forEach(node -> assertThat(document).contains("role=sentinel, port=" + node.port()));
        });
    }

    /** Hears every command of a node, and knows who was connected before. */
    private static final class Ear {
        private final RedisNode node;
        private final Set<String> known = new HashSet<>();
        private final RedisCall call;

        Ear(RedisNode node) throws IOException {
            this.node = node;
            this.call = RedisCall.open(node.host(), node.port(), WITHIN);
            assertThat(call.call("MONITOR")).isEqualTo("OK");
            Matcher clients = CLIENT.matcher(node.say("CLIENT", "LIST"));
            while (clients.find()) {
                known.add(clients.group(1));
            }
        }

        /** What was said by connections that are new, in its order; this test's own last word ends it. */
        List<String> strangersSaid() throws IOException {
            String end = "end of " + node.port();
            node.say("ECHO", end);
            List<String> said = new ArrayList<>();
            while (true) {
                Matcher line = MONITORED.matcher(String.valueOf(call.receive()));
                assertThat(line.matches()).isTrue();
                if (line.group(2).contains(end)) {
                    call.close();
                    return said;
                }
                if (!known.contains(line.group(1)) && !ownWord(line.group(2))) {
                    said.add(line.group(2));
                }
            }
        }

        private static boolean ownWord(String words) {
            return words.equals("\"CLIENT\" \"LIST\"") || words.equals("\"INFO\" \"commandstats\"");
        }
    }

    private static Map<String, Long> calls(RedisNode node) {
        Map<String, Long> calls = new TreeMap<>();
        node.info("commandstats").forEach((name, figures) -> {
            String count = figures.replaceFirst("^calls=(\\d+),.*$", "$1");
            calls.put(name.replaceFirst("^cmdstat_", ""), Long.valueOf(count));
        });
        return calls;
    }

    private static Set<String> grown(Map<String, Long> before, Map<String, Long> after) {
        Set<String> grown = new TreeSet<>();
        after.forEach((name, count) -> {
            if (count > before.getOrDefault(name, 0L)) {
                grown.add(name);
            }
        });
        return grown;
    }

    /** Sentinel has neither MONITOR nor commandstats. */
    private static String state(SentinelNode sentinel) {
        String said = " " + sentinel.say("SENTINEL", "MASTERS") + " ";
        StringBuilder kept = new StringBuilder();
        for (String field : KEPT) {
            Matcher value = Pattern.compile(" " + field + " (\\S+)").matcher(said);
            assertThat(value.find()).as(field + " in " + said).isTrue();
            kept.append(field).append('=').append(value.group(1)).append(' ');
        }
        return kept.toString();
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
}
