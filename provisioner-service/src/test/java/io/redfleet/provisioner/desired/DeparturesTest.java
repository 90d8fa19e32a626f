package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who leaves a cluster of r1 to r4 by a spec that leaves them out. */
class DeparturesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final ClusterState four = state(null, spec("r1", "r2", "r3", "r4"), Departures.Named.NOBODY);

    @Test
    void aHostIsAddedByASpecThatHasIt() {
        ClusterState three = state(null, spec("r1", "r2", "r3"), Departures.Named.NOBODY);
        ClusterState more = state(three, spec("r1", "r2", "r3", "r4"), Departures.Named.NOBODY);
        assertThat(more.revision()).isEqualTo(2);
        assertThat(more.leavers()).isEmpty();
        assertThat(more.spec().sentinel().quorum()).as("of four").isEqualTo(3);
    }

    @Test
    void whoIsLeftOutAndNotNamedIsNotRemoved() {
        Problem problem = problem(four, spec("r1", "r2", "r3"), Departures.Named.NOBODY);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail())
                .contains("[r4/redis-server, r4/redis-sentinel]")
                .contains("not removed unless named");
        assertThat(problem(four, spec("r1", "r2", "r3"), remove("r4/redis-server"))
                        .detail())
                .contains("[r4/redis-sentinel]");
    }

    @ParameterizedTest
    @CsvSource({"r4,", "r4/redis-server;r4/redis-sentinel,", ",r4"})
    void whoIsNamedLeavesAndIsKnownUntilItIsGone(@Nullable String remove, @Nullable String lost) {
        Departures.Named named = new Departures.Named(words(remove), words(lost));
        ClusterState after = state(four, spec("r1", "r2", "r3"), named);
        assertThat(after.revision()).isEqualTo(2);
        assertThat(after.leavers()).singleElement().satisfies(leaver -> {
            assertThat(leaver.host()).isEqualTo(four.spec().hosts().getLast());
            assertThat(leaver.lost()).isEqualTo(lost != null);
        });
        assertThat(after.everywhere().members()).isEqualTo(four.spec().members());
        assertThat(after.reunited().spec().hosts()).hasSize(lost == null ? 4 : 3);
        // Said twice, and then not at all.
        assertThat(state(after, spec("r1", "r2", "r3"), named)).isEqualTo(applied(after));
        assertThat(state(after, spec("r1", "r2", "r3"), Departures.Named.NOBODY).leavers())
                .isEqualTo(after.leavers());
    }

    @Test
    void aPartOfAHostLeavesAndTheRestStays() {
        Map<String, Object> document = document("r1", "r2", "r3", "r4");
        host(document, 3).put("roles", List.of("redis"));
        ClusterState after = state(four, SpecReaderTest.good(document), remove("r4/redis-sentinel"));
        assertThat(after.leavers().getFirst().host().instances())
                .extracting(InstanceSpec::name)
                .containsExactly("redis-sentinel");
        assertThat(after.everywhere().hosts()).hasSize(4);
        assertThat(after.ground()).as("of r4 what stays, and all").hasSize(5);
        assertThat(violations(four, SpecReaderTest.good(document), remove("r4")))
                .containsExactly(new Violation(
                        "remove",
                        "r4",
                        "the new spec has this host: leave it out there, or name those of its instances that go"));
    }

    @Test
    void aNameOfWhatStaysIsAContradictionAndOneOfWhatIsGoneDoesNoHarm() {
        assertThat(violations(four, four.spec(), remove("r4/redis-server")))
                .containsExactly(new Violation(
                        "remove",
                        "r4/redis-server",
                        "the new spec has this instance: leave it out there to remove it"));
        assertThat(violations(four, four.spec(), new Departures.Named(List.of(), List.of("r4"))))
                .extracting(Violation::field)
                .containsExactly("lost");
        assertThat(violations(
                        four, spec("r1", "r2", "r3"), new Departures.Named(List.of("r4/redis-server"), List.of("r4"))))
                .extracting(Violation::rule)
                .containsExactly("a host is either removed or lost, not both");
        assertThat(state(four, four.spec(), remove("r9")).leavers()).isEmpty();
    }

    @Test
    void aLostHostThatIsThereAfterAllIsRemovedInstead() {
        ClusterState lost = state(four, spec("r1", "r2", "r3"), new Departures.Named(List.of(), List.of("r4")));
        ClusterState there = state(lost, spec("r1", "r2", "r3"), remove("r4"));
        assertThat(there.revision()).isEqualTo(3);
        assertThat(there.leavers()).extracting(Leaving::lost).containsExactly(false);
    }

    @Test
    void whoLeavesAndIsInTheNextSpecAgainStays() {
        ClusterState leaving = state(four, spec("r1", "r2", "r3"), remove("r4"));
        assertThat(state(leaving, four.spec(), Departures.Named.NOBODY).leavers())
                .isEmpty();
        Map<String, Object> elsewhere = document("r1", "r2", "r3", "r4");
        host(elsewhere, 3).put("address", "10.0.0.99");
        assertThat(violations(leaving, SpecReaderTest.good(elsewhere), Departures.Named.NOBODY))
                .extracting(Violation::rule)
                .contains("role, address, port and announced endpoint of an instance cannot change");
    }

    @Test
    void theSentinelsThatStayOutnumberThoseThatLeave() {
        Problem problem = problem(four, spec("r1", "r2"), remove("r3", "r4"));
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail())
                .contains("2 Sentinel(s) stay, no majority of the 4")
                .contains("remove fewer at once");
        assertThat(state(four, spec("r1", "r2", "r3"), remove("r4")).leavers()).hasSize(1);
        // One after the other they would be as many.
        ClusterState three = state(four, spec("r1", "r2", "r3"), remove("r4"));
        assertThat(problem(three, spec("r1", "r2"), remove("r3")).detail()).contains("no majority of the 4");
    }

    @Test
    void theEndpointOfWhoLeavesIsNobodysUntilItIsGone() {
        Map<String, Object> document = document("r1", "r2", "r3", "r5");
        host(document, 3).put("address", "10.0.0.14");
        assertThat(violations(four, SpecReaderTest.good(document), remove("r4")))
                .hasSize(2)
                .first()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo("spec.hosts[name=r5].instances[name=redis-server]");
                    assertThat(broken.value()).isEqualTo("10.0.0.14:6379");
                    assertThat(broken.rule()).contains("is that of r4/redis-server, which leaves the cluster");
                });
    }

    /** Applied again the spec is accepted again, and nothing else changes. */
    private static ClusterState applied(ClusterState state) {
        return state.in(state.phase(), "applied again", state.since());
    }

    private static Departures.Named remove(String... names) {
        return new Departures.Named(List.of(names), List.of());
    }

    private static List<String> words(@Nullable String words) {
        return words == null ? List.of() : List.of(words.split(";", -1));
    }

    private static Map<String, Object> document(String... names) {
        Map<String, Object> document = SpecReaderTest.document();
        List<Object> hosts = new ArrayList<>();
        for (String name : names) {
            hosts.add(new LinkedHashMap<>(Map.of("name", name, "address", "10.0.0.1" + name.substring(1))));
        }
        SpecReaderTest.put(document, "spec.hosts", hosts);
        SpecReaderTest.put(document, "spec.sentinel.allowWeakQuorum", true);
        return document;
    }

    @SuppressWarnings("unchecked") // the test builds the tree itself
    private static Map<String, Object> host(Map<String, Object> document, int index) {
        return (Map<String, Object>)
                Objects.requireNonNull(SpecReaderTest.hosts(document).get(index));
    }

    private static ClusterSpec spec(String... names) {
        return SpecReaderTest.good(document(names));
    }

    private static Revision.Decision decision(@Nullable ClusterState before, ClusterSpec spec, Departures.Named named) {
        Revision.Expected expected = new Revision.Expected(null, false, 0, named);
        return Revision.follow(before, spec, expected, () -> new ClusterUid("u1"), NOW);
    }

    private static ClusterState state(@Nullable ClusterState before, ClusterSpec spec, Departures.Named named) {
        Revision.Decision decision = decision(before, spec, named);
        assertThat(decision).isInstanceOf(Revision.Next.class);
        return ((Revision.Next) decision).state();
    }

    private static Problem problem(ClusterState before, ClusterSpec spec, Departures.Named named) {
        Revision.Decision decision = decision(before, spec, named);
        assertThat(decision).isInstanceOf(Revision.No.class);
        return ((Revision.No) decision).problem();
    }

    private static List<Violation> violations(ClusterState before, ClusterSpec spec, Departures.Named named) {
        Problem problem = problem(before, spec, named);
        assertThat(problem.status()).isEqualTo(422);
        return problem.errors();
    }
}
