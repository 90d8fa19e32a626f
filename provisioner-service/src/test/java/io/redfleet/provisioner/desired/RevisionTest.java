package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevisionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Revision.Expected ANY = new Revision.Expected(null, false);

    private final ClusterState standing = next(null, SpecReaderTest.good(SpecReaderTest.document()), ANY);

    @Test
    void aFirstSpecIsRevisionOneOfANewUid() {
        assertThat(standing.revision()).isEqualTo(1);
        assertThat(standing.uid()).isEqualTo(new ClusterUid("u1"));
        assertThat(standing.phase()).isEqualTo(Phase.ACCEPTED);
    }

    @Test
    void aChangeRaisesTheRevisionAndKeepsTheUidAndTheSameSpecRaisesNothing() {
        ClusterState changed = next(standing, changed(), new Revision.Expected(1L, false));
        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.uid()).isEqualTo(standing.uid());
        assertThat(next(changed, changed(), ANY).revision()).isEqualTo(2);
    }

    @Test
    void aSpecThatAcceptsANewerRevisionOnTheHostsBecomesOneHigherThanThatAndOnlyOnce() {
        Revision.Expected accepting = new Revision.Expected(null, false, 5);
        ClusterState same = next(standing, SpecReaderTest.good(SpecReaderTest.document()), accepting);
        assertThat(same.revision()).isEqualTo(6);
        assertThat(same.uid()).isEqualTo(standing.uid());
        assertThat(next(same, SpecReaderTest.good(SpecReaderTest.document()), accepting)
                        .revision())
                .isEqualTo(6);
        assertThat(next(same, changed(), accepting).revision()).isEqualTo(7);
    }

    @Test
    void aStaleRevisionIsAConflict() {
        assertThat(problem(standing, changed(), new Revision.Expected(7L, false))
                        .status())
                .isEqualTo(409);
        assertThat(problem(null, changed(), new Revision.Expected(1L, false)).status())
                .isEqualTo(409);
        assertThat(problem(standing, changed(), new Revision.Expected(null, true))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aHostThatIsLeftOutIsNamedAndNotRemoved() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.hosts", List.of(host(document, 0), host(document, 2)));
        SpecReaderTest.put(document, "spec.sentinel.allowWeakQuorum", true);
        Problem problem = problem(standing, SpecReaderTest.good(document), ANY);
        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.detail()).contains("r2");
    }

    @Test
    void whatIsForLifeCannotChange() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.port", 6380);
        SpecReaderTest.put(document, "spec.sentinel.masterName", "other");
        SpecReaderTest.put(document, "spec.directory", "elsewhere");
        SpecReaderTest.put(document, "spec.security.acl", "off");
        Problem problem = problem(standing, SpecReaderTest.good(document), ANY);
        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors()).hasSize(8);
    }

    @Test
    void whoIsObservedIsNotTakenOverUnaskedAndWhoIsManagedIsNotGivenAway() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.manage", "observe");
        ClusterSpec watched = SpecReaderTest.good(document);
        ClusterState observed = next(null, watched, ANY);
        assertThat(next(observed, watched, ANY).revision()).isEqualTo(1);
        assertThat(problem(observed, SpecReaderTest.good(SpecReaderTest.document()), ANY)
                        .errors())
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo("spec.manage");
                    assertThat(broken.value()).isEqualTo("full");
                    assertThat(broken.rule()).contains("only observed", "not taken over");
                });
        assertThat(problem(standing, watched, ANY).errors()).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.manage");
            assertThat(broken.value()).isEqualTo("observe");
            assertThat(broken.rule()).contains("is managed");
        });
    }

    /** Its user can; the monitor would send what it has to whom the new spec names. */
    @Test
    void whichPasswordAnObservedClusterIsAskedWithCannotChange() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.manage", "observe");
        ClusterState open = next(null, SpecReaderTest.good(document), ANY);
        SpecReaderTest.put(document, "spec.security.probe.credential", "one");
        ClusterSpec one = SpecReaderTest.good(document);
        ClusterState guarded = next(null, one, ANY);
        SpecReaderTest.put(document, "spec.security.probe.user", "watcher");
        assertThat(next(guarded, SpecReaderTest.good(document), ANY).revision()).isEqualTo(2);
        SpecReaderTest.put(document, "spec.security.probe.credential", "two");
        ClusterSpec two = SpecReaderTest.good(document);
        for (Problem problem :
                List.of(problem(guarded, two, ANY), problem(guarded, open.spec(), ANY), problem(open, one, ANY))) {
            assertThat(problem.errors()).extracting(Violation::field).containsExactly("spec.security.probe.credential");
        }
    }

    @Test
    void whatRunsTheProcessesCannotChange() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.directory", "/srv/redis");
        ClusterState first = next(null, SpecReaderTest.good(document), ANY);
        SpecReaderTest.put(document, "spec.service", "systemd");
        assertThat(problem(first, SpecReaderTest.good(document), ANY).errors())
                .containsExactly(new Violation(
                        "spec.service",
                        "systemd",
                        "how processes are run is for the cluster's life; it stays process"));
    }

    @Test
    void whereRedisComesFromCannotChange() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.redis.install", "packages");
        ClusterState first = next(null, SpecReaderTest.good(document), ANY);
        SpecReaderTest.put(document, "spec.redis.install", "present");
        assertThat(problem(first, SpecReaderTest.good(document), ANY).errors())
                .containsExactly(new Violation(
                        "spec.redis.install",
                        "present",
                        "where Redis comes from is for the cluster's life; it stays packages"));
    }

    @Test
    void aDirectiveThatRedisReadsAtItsStartOnlyIsSettledWithTheFirstSpec() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.config", Map.of("databases", "32", "maxmemory", "64mb"));
        ClusterState first = next(null, SpecReaderTest.good(document), ANY);
        SpecReaderTest.put(document, "spec.redis.config", Map.of("io-threads", "2", "maxmemory", "128mb"));

        Problem problem = problem(first, SpecReaderTest.good(document), ANY);

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors())
                .extracting(Violation::field)
                .containsExactly("spec.redis.config.databases", "spec.redis.config.io-threads");
        assertThat(problem.errors().getFirst().rule()).endsWith("stays 32");
        SpecReaderTest.put(document, "spec.redis.config", Map.of("databases", "32", "maxmemory", "128mb"));
        assertThat(next(first, SpecReaderTest.good(document), ANY).revision()).isEqualTo(2);
    }

    @Test
    void whoAgreesToRestartsMayChangeItAndMustNameItsValue() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.config", Map.of("databases", "32"));
        ClusterState first = next(null, SpecReaderTest.good(document), ANY);
        Revision.Expected rolling = new Revision.Expected(null, false, 0, Departures.Named.NOBODY, true);

        SpecReaderTest.put(document, "spec.redis.config", Map.of("databases", "64", "io-threads", "2"));
        assertThat(problem(first, SpecReaderTest.good(document), ANY).errors())
                .extracting(Violation::rule)
                .allSatisfy(rule -> assertThat(rule).contains("rolling=true (apply --rolling)"));
        assertThat(next(first, SpecReaderTest.good(document), rolling).revision())
                .isEqualTo(2);

        SpecReaderTest.put(document, "spec.redis.config", Map.of("io-threads", "2"));
        assertThat(problem(first, SpecReaderTest.good(document), rolling).errors())
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.field()).isEqualTo("spec.redis.config.databases");
                    assertThat(error.rule()).contains("name its new value").endsWith("stays 32");
                });
    }

    @Test
    void aClusterThatIsBeingRemovedTakesNoSpec() {
        ClusterState removing = standing.in(Phase.REMOVING, "asked for", NOW);
        assertThat(problem(removing, changed(), ANY).status()).isEqualTo(409);
    }

    private static Object host(Map<String, Object> document, int index) {
        return Objects.requireNonNull(SpecReaderTest.hosts(document).get(index));
    }

    private static ClusterSpec changed() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.redis.config.maxmemory", "64mb");
        return SpecReaderTest.good(document);
    }

    private static ClusterState next(@Nullable ClusterState before, ClusterSpec spec, Revision.Expected expected) {
        Revision.Decision decision = Revision.follow(before, spec, expected, () -> new ClusterUid("u1"), NOW);
        assertThat(decision).isInstanceOf(Revision.Next.class);
        return ((Revision.Next) decision).state();
    }

    private static Problem problem(@Nullable ClusterState before, ClusterSpec spec, Revision.Expected expected) {
        Revision.Decision decision = Revision.follow(before, spec, expected, () -> new ClusterUid("u1"), NOW);
        assertThat(decision).isInstanceOf(Revision.No.class);
        return ((Revision.No) decision).problem();
    }
}
