package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.adopt.Answer;
import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Peers;
import io.redfleet.adopt.Question;
import io.redfleet.adopt.Survey;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.provisioner.edge.kafka.JacksonDocuments;
import io.redfleet.provisioner.order.Documents;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What `redfleet adopt` drafts is a spec but for its blanks, and with one it is refused. */
class AdoptedDraftTest {
    private static final List<String> HOSTS = List.of("10.0.0.11", "10.0.0.12", "10.0.0.13");

    @Test
    void aDraftOfWhatAsksForPasswordsIsRefusedForItsBlankAndForNothingElse() throws Documents.NotJson {
        SpecReader.Reading reading = read(document(true));
        assertThat(reading)
                .isInstanceOfSatisfying(
                        SpecReader.Bad.class,
                        bad -> assertThat(bad.violations()).singleElement().satisfies(violation -> {
                            assertThat(violation.field()).isEqualTo("spec.security.probe.credential");
                            assertThat(violation.rule()).contains("must be the name of a file");
                        }));
    }

    @Test
    void asItIsItIsTheClusterThatRunsAndIsOnlyObserved() throws Documents.NotJson {
        SpecReader.Reading reading = read(document(false));
        assertThat(reading).isInstanceOfSatisfying(SpecReader.Good.class, good -> {
            ClusterSpec cluster = good.spec();
            assertThat(cluster.observed()).isTrue();
            assertThat(cluster.name().value()).isEqualTo("orders");
            assertThat(cluster.members(InstanceRole.REDIS)).hasSize(3);
            assertThat(cluster.members(InstanceRole.SENTINEL)).hasSize(3);
            assertThat(cluster.bootstrapMaster().value()).isEqualTo("ip-10-0-0-11");
            assertThat(cluster.sentinel().quorum()).isEqualTo(2);
            assertThat(cluster.sentinel().downAfter()).isEqualTo(Duration.ofMillis(1500));
            assertThat(cluster.redis().version()).isEqualTo("7.0.15");
            assertThat(cluster.watch().mode()).isEqualTo(WatchMode.OBSERVE);
            assertThat(cluster.security().generated()).isFalse();
        });
    }

    private static SpecReader.Reading read(ObjectNode document) throws Documents.NotJson {
        return SpecReader.read(new JacksonDocuments().parse(document.toString()));
    }

    private static ObjectNode document(boolean guarded) {
        Survey survey = new Survey((node, kind, questions) -> new Peers.Said(
                guarded,
                questions.stream().map(question -> says(node, kind, question)).toList()));
        Survey.Result result = survey.look(new Endpoint("10.0.0.11", 26379), new Choice.TheOnlyOne());
        if (result instanceof Survey.Seen seen) {
            Draft draft = seen.drafts().getFirst();
            assertThat(draft.findings()).isEmpty();
            return Codec.mapper().valueToTree(draft.document());
        }
        throw new AssertionError("no draft: " + result);
    }

    private static Answer says(Endpoint node, Peers.Kind kind, Question question) {
        boolean leads = node.host().equals("10.0.0.11");
        return switch (question.toString()) {
            case "SENTINEL MASTERS" ->
                new Answer.Many(List.of(flat(
                        "name",
                        "orders",
                        "ip",
                        "10.0.0.11",
                        "port",
                        "6379",
                        "flags",
                        "master",
                        "quorum",
                        "2",
                        "down-after-milliseconds",
                        "1500",
                        "failover-timeout",
                        "60000",
                        "parallel-syncs",
                        "1")));
            case "SENTINEL MYID" -> new Answer.Text(node.toString());
            case "SENTINEL REPLICAS orders" -> others("10.0.0.11", "6379");
            case "SENTINEL SENTINELS orders" -> others(node.host(), "26379");
            case "INFO server" ->
                new Answer.Text("redis_version:7.0.15\r\nrun_id:" + kind + node.host() + "\r\ntcp_port:" + node.port()
                        + "\r\n");
            case "INFO replication" ->
                new Answer.Text(
                        leads
                                ? "role:master\r\n"
                                : "role:slave\r\nmaster_host:10.0.0.11\r\nmaster_port:6379\r\nmaster_link_status:up\r\n");
            default -> throw new AssertionError("not asked for: " + question);
        };
    }

    private static Answer others(String but, String port) {
        return new Answer.Many(HOSTS.stream()
                .filter(host -> !host.equals(but))
                .map(host -> flat("ip", host, "port", port, "flags", "x"))
                .toList());
    }

    private static Answer flat(String... words) {
        return new Answer.Many(
                Arrays.stream(words).map(word -> (Answer) new Answer.Text(word)).toList());
    }
}
