package io.redfleet.adopt;

import static io.redfleet.adopt.PlayedPeers.entry;
import static io.redfleet.adopt.PlayedPeers.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SurveyTest {
    private static final Endpoint FIRST = new Endpoint("10.0.0.11", 26379);

    private final PlayedPeers peers = PlayedPeers.healthy();

    @Test
    void aClusterThatIsWellIsDraftedWithoutAFinding() {
        Draft draft = peers.draft();
        assertThat(draft.findings()).isEmpty();
        assertThat(draft.document().get("metadata")).isEqualTo(Map.of("name", "orders"));
        Map<?, ?> spec = spec(draft);
        assertThat(spec.get("sentinel"))
                .isEqualTo(Map.of(
                        "masterName", "orders",
                        "quorum", 2,
                        "downAfter", "5s",
                        "failoverTimeout", "60s",
                        "parallelSyncs", 1));
        assertThat(draft.blanks()).isEmpty();
        assertThat(spec.get("manage")).isEqualTo("observe");
        assertThat(spec.get("redis")).isEqualTo(Map.of("engine", "redis", "version", "7.0.15"));
        assertThat(spec.get("bootstrapMaster")).isEqualTo("ip-10-0-0-11");
        assertThat(spec.get("security")).isEqualTo(Map.of("acl", "off"));
        assertThat(spec.get("watch")).isEqualTo(Map.of("mode", "observe"));
        assertThat(hosts(draft))
                .hasSize(3)
                .first()
                .isEqualTo(Map.of(
                        "name", "ip-10-0-0-11",
                        "address", "10.0.0.11",
                        "instances",
                                List.of(
                                        Map.of("name", "redis-server", "role", "redis", "port", 6379),
                                        Map.of("name", "redis-sentinel", "role", "sentinel", "port", 26379))));
    }

    /** Each of them, once, and nothing that is no question: the class has no way to make another. */
    @Test
    void everyNodeIsAskedItsQuestionsOnce() {
        peers.draft();
        assertThat(peers.asked.getFirst()).isEqualTo(FIRST + " SENTINEL MASTERS");
        assertThat(peers.asked.stream().skip(1)).doesNotHaveDuplicates().hasSize(3 * 5 + 3 * 2);
        assertThat(peers.asked.stream()
                        .map(line -> line.substring(line.indexOf(' ') + 1))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(
                        "SENTINEL MASTERS",
                        "SENTINEL MYID",
                        "SENTINEL REPLICAS orders",
                        "SENTINEL SENTINELS orders",
                        "INFO server",
                        "INFO replication");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("doubts")
    void whatIsWrongIsFound(
            String what, Consumer<PlayedPeers> change, Finding.Severity severity, String subject, String text) {
        change.accept(peers);
        assertThat(peers.draft().findings()).as(what).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(severity);
            assertThat(finding.subject()).isEqualTo(subject);
            assertThat(finding.text()).contains(text);
        });
    }

    static Stream<Arguments> doubts() {
        return Stream.of(
                critical(
                        "another master",
                        at -> at.sentinel(3).master().put("ip", "10.0.0.12"),
                        "10.0.0.13:26379",
                        "names 10.0.0.12:6379 as the master, and most Sentinels 10.0.0.11:6379"),
                critical(
                        "a failover",
                        at -> at.sentinel(2).master().put("flags", "master,failover_in_progress"),
                        "10.0.0.12:26379",
                        "carries out a failover"),
                critical(
                        "a copied id",
                        at -> at.sentinel(2).id = "id1",
                        "10.0.0.12:26379",
                        "the same id as 10.0.0.11:26379"),
                critical(
                        "one Redis, two groups",
                        at -> at.sentinel(1).masters.add(settings("payments", "10.0.0.13", "6379")),
                        "10.0.0.13:6379",
                        "as the master of payments"),
                critical("a quorum nobody has", SurveyTest::quorumOfFour, "orders", "needs a quorum of 4"),
                critical(
                        "the master away",
                        at -> at.nodes.remove("10.0.0.11:6379"),
                        "10.0.0.11:6379",
                        "is named as the master, and refuses connections"),
                critical(
                        "no master",
                        at -> at.node(1).replication.put("role", "slave"),
                        "10.0.0.11:6379",
                        "is named as the master, and is none"),
                critical(
                        "two masters",
                        at -> at.node(2).replication.put("role", "master"),
                        "10.0.0.12:6379",
                        "is listed as a replica, and is a master"),
                warning(
                        "settings",
                        at -> at.sentinel(2).master().put("quorum", "1"),
                        "orders",
                        "has not one quorum: 10.0.0.11:26379 has 2, 10.0.0.12:26379 has 1, 10.0.0.13:26379 has 2"),
                warning(
                        "down-after",
                        at -> at.sentinel(2).master().put("down-after-milliseconds", "1"),
                        "orders",
                        "has not one down-after-milliseconds"),
                warning(
                        "a dead Sentinel",
                        at -> at.sentinels.remove("10.0.0.13:26379"),
                        "10.0.0.13:26379",
                        "refuses connections; dead, not reached from here"),
                warning(
                        "a Sentinel of something else",
                        at -> at.sentinel(3).masters.clear(),
                        "10.0.0.13:26379",
                        "monitors no master called orders"),
                warning(
                        "a Sentinel with a password",
                        at -> at.sentinel(3).refusal = "NOAUTH Authentication required.",
                        "10.0.0.13:26379",
                        "refuses to be asked: NOAUTH Authentication required."),
                warning("too few", at -> at.sentinels.remove("10.0.0.13:26379"), "orders", "watched by 2 Sentinel(s)"),
                warning(
                        "a view with a hole",
                        at -> at.sentinel(2).replicas.removeLast(),
                        "10.0.0.12:26379",
                        "does not know of 10.0.0.13:6379"),
                warning(
                        "a Sentinel with a hole",
                        at -> at.sentinel(2).others.removeLast(),
                        "10.0.0.12:26379",
                        "knows 1 of 2 other Sentinels"),
                warning(
                        "a replica away",
                        at -> at.nodes.remove("10.0.0.13:6379"),
                        "10.0.0.13:6379",
                        "an entry that was never forgotten"),
                warning(
                        "a node with a password",
                        at -> at.node(2).refusal = "NOAUTH Authentication required.",
                        "10.0.0.12:6379",
                        "refuses to be asked: NOAUTH Authentication required."),
                warning(
                        "held for down",
                        at -> at.sentinel(2).replicas.getFirst().put("flags", "s_down,slave"),
                        "10.0.0.12:6379",
                        "10.0.0.12:26379 holds it for down"),
                warning(
                        "a chain",
                        at -> at.node(3).replication.put("master_host", "10.0.0.12"),
                        "10.0.0.13:6379",
                        "follows 10.0.0.12:6379, a replica"),
                warning(
                        "a stranger's replica",
                        at -> at.node(3).replication.put("master_host", "172.17.0.2"),
                        "10.0.0.13:6379",
                        "follows 172.17.0.2:6379, which no Sentinel lists"),
                warning(
                        "no link",
                        at -> at.node(3).replication.put("master_link_status", "down"),
                        "10.0.0.13:6379",
                        "has no link to its master"),
                warning(
                        "an unlisted replica",
                        at -> at.node(1).replication.put("slave2", "ip=10.0.0.99,port=6379,state=online"),
                        "10.0.0.99:6379",
                        "no Sentinel lists it"),
                warning(
                        "one process, two addresses",
                        at -> at.node(3).server.put("run_id", "run-2"),
                        "10.0.0.13:6379",
                        "is the same process as 10.0.0.12:6379"),
                warning(
                        "versions",
                        at -> at.node(3).server.put("redis_version", "7.2.4"),
                        "orders",
                        "has several versions: 7.0.15, 7.2.4"),
                Arguments.of(
                        "another port",
                        (Consumer<PlayedPeers>) at -> at.node(3).server.put("tcp_port", "7000"),
                        Finding.Severity.NOTE,
                        "10.0.0.13:6379",
                        "listens on port 7000"),
                Arguments.of(
                        "a unit",
                        (Consumer<PlayedPeers>) at -> at.node(3).server.put("process_supervised", "systemd"),
                        Finding.Severity.NOTE,
                        "10.0.0.13:6379",
                        "runs under a unit of systemd"));
    }

    @Test
    void theGravestStandFirst() {
        peers.node(3).replication.put("master_link_status", "down");
        peers.node(2).replication.put("role", "master");
        assertThat(peers.draft().findings().stream().map(Finding::severity))
                .startsWith(Finding.Severity.CRITICAL)
                .endsWith(Finding.Severity.WARNING)
                .isSorted();
    }

    @Test
    void theSentinelThatSomebodyTypedIsTakenByTheAddressThatTheOthersKnow() {
        peers.sentinels.put("127.0.0.1:26379", peers.sentinel(1));
        Survey.Result result = new Survey(peers).look(new Endpoint("127.0.0.1", 26379), new Choice.TheOnlyOne());
        assertThat(result).isInstanceOfSatisfying(Survey.Seen.class, seen -> {
            Draft draft = seen.drafts().getFirst();
            assertThat(draft.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
                assertThat(finding.text()).contains("is known to the other Sentinels as 10.0.0.11:26379");
            });
            assertThat(hosts(draft)).hasSize(3);
        });
    }

    /** It says the version of a Redis too, the same one for ever. */
    @Test
    void aValkeyIsDraftedByItsOwnVersion() {
        Map<String, String> says = Map.of("redis_version", "7.2.4", "server_name", "valkey", "valkey_version", "8.1.1");
        List.of(1, 2, 3).forEach(number -> peers.node(number).server.putAll(says));
        assertThat(spec(peers.draft()).get("redis")).isEqualTo(Map.of("engine", "valkey", "version", "8.1.1"));
        peers.node(3).server.put("valkey_version", "8.0.3");
        assertThat(peers.draft().findings()).extracting(Finding::text).contains("has several versions: 8.1.1, 8.0.3");
    }

    @Test
    void anAnnouncedPortIsKeptBesideTheOwnOne() {
        peers.node(3).server.put("tcp_port", "7000");
        assertThat(hosts(peers.draft()).toString())
                .contains("{name=redis-server, role=redis, port=7000, announce={ip=10.0.0.13, port=6379}}");
    }

    /** By it a cluster is taken over; one with a character that a spec does not take is left out. */
    @Test
    void theConfigurationThatEachRunsByIsNamed() {
        peers.node(1).server.put("config_file", "/srv/orders/redis.conf");
        peers.sentinel(1).server.put("config_file", "/srv/orders/sentinel.conf");
        peers.node(2).server.put("config_file", "/srv/my orders/redis.conf");
        peers.node(3).server.put("config_file", "");
        assertThat(hosts(peers.draft()).toString())
                .contains(
                        "{name=redis-server, role=redis, port=6379, at={config=/srv/orders/redis.conf}}",
                        "{name=redis-sentinel, role=sentinel, port=26379, at={config=/srv/orders/sentinel.conf}}")
                .doesNotContain("my orders");
    }

    @Test
    void severalInstancesOfAnAddressHaveNamesOfTheirOwn() {
        PlayedPeers.PlayedNode extra = new PlayedPeers.PlayedNode();
        extra.server.put("redis_version", "7.0.15");
        extra.server.put("run_id", "run-4");
        extra.replication.putAll(peers.node(2).replication);
        peers.nodes.put("10.0.0.12:6380", extra);
        List.of(1, 2, 3).forEach(number -> peers.sentinel(number).replicas.add(entry("10.0.0.12", "6380", "slave")));
        Draft draft = peers.draft();
        assertThat(hosts(draft).toString()).contains("name=redis-6379", "name=redis-6380");
        assertThat(draft.findings()).extracting(Finding::text).contains("has several data nodes at one address");
    }

    /** A spec of fewer than three is refused unless it says so; it is as it is. */
    @Test
    void aDraftOfTwoSentinelsSaysThatItKnows() {
        assertThat(sentinel(peers.draft()).get("allowWeakQuorum")).isNull();
        peers.sentinels.remove("10.0.0.13:26379");
        List.of(1, 2)
                .forEach(number -> peers.sentinel(number).others.removeIf(one -> "10.0.0.13".equals(one.get("ip"))));
        assertThat(sentinel(peers.draft()).get("allowWeakQuorum")).isEqualTo(true);
    }

    @Test
    void whatAsksForPasswordsIsNotCalledOpen() {
        peers.guarded = true;
        Draft draft = peers.draft();
        assertThat(spec(draft).get("security")).isEqualTo(Map.of("acl", "off", "probe", Map.of("credential", "?")));
        assertThat(draft.blanks()).extracting(Blank::field).contains("spec.security.probe.credential");
    }

    @Test
    void aMastersNameThatIsNoNameOfAClusterIsABlank() {
        List.of(1, 2, 3).forEach(number -> peers.sentinel(number).master().put("name", "Orders!"));
        Survey.Result result = new Survey(peers).look(FIRST, new Choice.TheOnlyOne());
        assertThat(result).isInstanceOfSatisfying(Survey.Seen.class, seen -> {
            Draft draft = seen.drafts().getFirst();
            assertThat(draft.document().get("metadata")).isEqualTo(Map.of("name", "?"));
            assertThat(draft.blanks()).extracting(Blank::field).contains("metadata.name");
        });
    }

    /** What a node says ends in a file that somebody applies: a line of its own would be a field of its own. */
    @Test
    void noAnswerBreaksOutOfItsLine() {
        peers.node(2).refusal = "ERR no\u0085spec: evil\u001b[2J\u2028x";
        peers.node(3).server.put("redis_version", "7.0\u0085x: y");
        assertThat(peers.draft().toString()).doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void anAddressThatIsNoneIsNotConnectedTo() {
        peers.sentinel(1).replicas.add(entry("10.0.0.1 -x", "6379", "slave"));
        peers.sentinel(1).replicas.add(entry("10.0.0.77", "70000", "slave"));
        peers.draft();
        assertThat(peers.asked).noneMatch(line -> line.contains("-x") || line.contains("10.0.0.77"));
    }

    @Test
    void noMoreNodesAreAskedThanTheBounds() {
        for (int i = 0; i < 2 * Survey.MOST_NODES; i++) {
            peers.sentinel(1).replicas.add(entry("10.1." + i / 250 + "." + i % 250, "6379", "slave"));
            peers.sentinel(1).others.add(entry("10.2." + i / 250 + "." + i % 250, "26379", "sentinel"));
        }
        Draft draft = peers.draft();
        assertThat(peers.asked.stream().filter(line -> line.endsWith("SENTINEL MYID")))
                .hasSize(Survey.MOST_SENTINELS);
        assertThat(peers.asked.stream().filter(line -> line.endsWith("INFO replication")))
                .hasSize(Survey.MOST_NODES);
        assertThat(draft.findings())
                .extracting(Finding::text)
                .anyMatch(text -> text.contains("more Sentinels than the 32"))
                .anyMatch(text -> text.contains("the first 128 were asked"));
    }

    @Test
    void howLongAFindingIsIsNotUpToAStranger() {
        for (int i = 0; i < Reading.MOST_ENTRIES; i++) {
            peers.sentinel(1).replicas.add(entry("10.1." + i / 250 + "." + i % 250, "6379", "slave"));
        }
        assertThat(peers.draft().findings())
                .extracting(Finding::text)
                .anyMatch(text -> text.matches("does not know of .* and 490 more"))
                .allSatisfy(text -> assertThat(text).hasSizeLessThan(1_000));
    }

    @Test
    void howManyFindingsThereAreIsNotUpToAStranger() {
        for (int i = 0; i < 400; i++) {
            peers.sentinel(2).masters.add(PlayedPeers.settings("other-" + i, "10.0.0.11", "6379"));
        }
        assertThat(peers.draft().findings())
                .hasSize(301)
                .last()
                .returns("has 100 findings more, of the least grave", Finding::text);
    }

    @Test
    void whoIsNotThereOrNoSentinelOrHasSeveralMastersIsSaid() {
        Survey survey = new Survey(peers);
        assertThat(survey.look(new Endpoint("10.0.0.50", 1), new Choice.All()))
                .isEqualTo(new Survey.Unreachable("10.0.0.50:1 refuses connections"));
        peers.sentinel(1).refusal = "ERR unknown command 'SENTINEL'";
        assertThat(survey.look(FIRST, new Choice.All()))
                .isEqualTo(new Survey.Refused(FIRST + " is no Sentinel: ERR unknown command 'SENTINEL'"));
        peers.sentinel(1).refusal = "NOAUTH Authentication required.";
        assertThat(survey.look(FIRST, new Choice.All()))
                .isEqualTo(new Survey.Refused(FIRST + " lets us not in: NOAUTH Authentication required."));
        peers.sentinel(1).refusal = "";
        peers.sentinel(1).masters.add(settings("payments", "10.0.0.21", "6379"));
        assertThat(survey.look(FIRST, new Choice.TheOnlyOne()))
                .isEqualTo(new Survey.Refused(
                        FIRST + " monitors orders, payments: name one of these 2 masters, or ask" + " for all"));
        assertThat(survey.look(FIRST, new Choice.Named("stock")))
                .isEqualTo(new Survey.Refused(FIRST + " monitors orders, payments, and no master called stock"));
        assertThat(survey.look(FIRST, new Choice.All()))
                .isInstanceOfSatisfying(
                        Survey.Seen.class,
                        seen -> assertThat(seen.drafts())
                                .extracting(Draft::masterName)
                                .containsExactly("orders", "payments"));
        peers.sentinel(1).masters.clear();
        assertThat(survey.look(FIRST, new Choice.TheOnlyOne()))
                .isEqualTo(new Survey.Refused(FIRST + " is a Sentinel that monitors no master"));
    }

    private static void quorumOfFour(PlayedPeers peers) {
        List.of(1, 2, 3).forEach(number -> peers.sentinel(number).master().put("quorum", "4"));
    }

    private static Arguments critical(String what, Consumer<PlayedPeers> change, String subject, String text) {
        return Arguments.of(what, change, Finding.Severity.CRITICAL, subject, text);
    }

    private static Arguments warning(String what, Consumer<PlayedPeers> change, String subject, String text) {
        return Arguments.of(what, change, Finding.Severity.WARNING, subject, text);
    }

    private static Map<?, ?> spec(Draft draft) {
        return (Map<?, ?>) java.util.Objects.requireNonNull(draft.document().get("spec"));
    }

    private static Map<?, ?> sentinel(Draft draft) {
        return (Map<?, ?>) java.util.Objects.requireNonNull(spec(draft).get("sentinel"));
    }

    private static List<?> hosts(Draft draft) {
        return (List<?>) java.util.Objects.requireNonNull(spec(draft).get("hosts"));
    }
}
