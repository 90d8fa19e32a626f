package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spec may say of instances that somebody else built, and how it comes to be managed. */
class AdoptRulesTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final Revision.Expected ANY = new Revision.Expected(null, false);
    private static final Revision.Expected ADOPT = expected(Departures.Named.NOBODY, false, true);
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final String AT = "spec.hosts[name=r1].instances[name=redis-server].at";

    private final ClusterState observed = next(null, OwnSpecs.spec("observe"), ANY);
    private final ClusterState adopted = next(observed, OwnSpecs.spec("full"), ADOPT);

    @Test
    void whereAnInstanceLiesIsSaidByItsConfiguration() {
        ClusterSpec spec = OwnSpecs.spec("full");
        assertThat(spec.at(R1)).contains(new OwnPlace("/srv/orders/redis.conf"));
        assertThat(spec.at(new InstanceId("r1/redis-sentinel"))).contains(new OwnPlace("/srv/orders/sentinel.conf"));
        assertThat(spec.at(new InstanceId("r9/redis-server"))).isEmpty();
        assertThat(spec.adopted()).isTrue();
        assertThat(OwnSpecs.spec("observe").adopted())
                .as("it says so, and is only observed")
                .isFalse();
        assertThat(SpecReaderTest.good(SpecReaderTest.document()).adopted()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis.conf",
                "srv/redis.conf",
                "/",
                "/srv/",
                "/srv//redis.conf",
                "/srv/../etc/redis.conf",
                "/srv/./redis.conf",
                "/srv/my redis.conf",
                "/srv/redis.conf;reboot",
                "/srv/$(reboot)",
                "/srv/redis'conf",
                "/srv/*.conf",
                "?"
            })
    void aPathIsAbsoluteAndHarmless(String path) {
        Map<String, Object> document = OwnSpecs.document("observe");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.config", path);
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.hosts[0].instances[0].at.config");
            assertThat(broken.rule()).isEqualTo(OwnPlace.RULE);
        });
    }

    @Test
    void itIsNotLongerThanWhatIsTold() {
        Map<String, Object> document = OwnSpecs.document("observe");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.config", "/" + "x".repeat(255));
        assertThat(bad(document)).extracting(Violation::rule).containsExactly(OwnPlace.RULE);
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.config", "/" + "x".repeat(254));
        assertThat(SpecReaderTest.good(document)).isNotNull();
    }

    @Test
    void aConfigurationHasToBeNamedAndNothingElseIsKnown() {
        Map<String, Object> document = OwnSpecs.document("observe");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at", new LinkedHashMap<>(Map.of("pidfile", "/x.pid")));
        assertThat(bad(document))
                .extracting(Violation::field)
                .containsExactlyInAnyOrder(
                        "spec.hosts[0].instances[0].at.config", "spec.hosts[0].instances[0].at.pidfile");
    }

    /** Each row is one field, and the field and words of its refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.service        | systemd   | spec.service        | must be process
            spec.security.acl   | generated | spec.security.acl   | would cut off its applications
            spec.monit.agent    | on        | spec.monit.agent    | must be off
            spec.redis.install  | packages  | spec.redis.install  | must be present
            """)
    void whatIsWrittenOnlyForInstancesOfRedfleetsOwnIsRefusedByItsName(
            String field, String value, String refused, String words) {
        Map<String, Object> document = OwnSpecs.document("full");
        SpecReaderTest.put(document, field, value);
        assertThat(bad(document)).anySatisfy(broken -> {
            assertThat(broken.field()).isEqualTo(refused);
            assertThat(broken.rule()).contains(words);
        });
    }

    @Test
    void itIsSaidOfAllOrOfNoneAndOfNoTwoTheSame() {
        Map<String, Object> document = OwnSpecs.document("full");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at", null);
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo(AT);
            assertThat(broken.rule()).contains("of every instance or of none");
        });
        SpecReaderTest.put(document, "spec.manage", "observe");
        assertThat(SpecReaderTest.good(document)).as("nothing is begun there").isNotNull();

        Map<String, Object> twice = OwnSpecs.document("full");
        SpecReaderTest.put(twice, "spec.hosts.0.instances.1.at.config", "/srv/orders/redis.conf");
        assertThat(bad(twice))
                .singleElement()
                .satisfies(broken ->
                        assertThat(broken.rule()).isEqualTo("another instance of this host has the same file"));
    }

    @Test
    void whatIsObservedIsTakenOverByTheWordAlone() {
        assertThat(problem(observed, OwnSpecs.spec("full"), ANY).errors())
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo("spec.manage");
                    assertThat(broken.rule()).contains("not taken over unasked", "adopt=true");
                });
        assertThat(adopted.revision()).isEqualTo(2);
        assertThat(adopted.uid()).isEqualTo(observed.uid());
        assertThat(adopted.spec().adopted()).isTrue();
        assertThat(next(adopted, OwnSpecs.spec("full"), ADOPT).revision())
                .as("said twice")
                .isEqualTo(2);
        assertThat(next(adopted, OwnSpecs.spec("full"), ANY).revision())
                .as("and no more")
                .isEqualTo(2);
    }

    @Test
    void nothingBeginsSo() {
        for (Problem problem : List.of(
                problem(null, OwnSpecs.spec("full"), ANY),
                problem(null, OwnSpecs.spec("full"), ADOPT),
                problem(null, OwnSpecs.spec("observe"), ADOPT))) {
            assertThat(problem.errors()).singleElement().satisfies(broken -> {
                assertThat(broken.field()).isEqualTo("spec.manage");
                assertThat(broken.rule()).contains("is observed first");
            });
        }
    }

    @Test
    void aTakeoverNeedsToKnowWhereEachLies() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.security.acl", "off");
        assertThat(problem(observed, SpecReaderTest.good(document), ADOPT).errors())
                .hasSize(6)
                .first()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo(AT);
                    assertThat(broken.rule()).contains("must be said");
                });
    }

    @Test
    void aTakeoverRestartsNobodyAndLetsNobodyGo() {
        Revision.Expected rolling = expected(Departures.Named.NOBODY, true, true);
        assertThat(problem(observed, OwnSpecs.spec("full"), rolling).errors())
                .extracting(Violation::field)
                .containsExactly("rolling");
        Revision.Expected leaving = expected(new Departures.Named(List.of("r3"), List.of()), false, true);
        assertThat(problem(observed, fewer(), leaving).errors())
                .extracting(Violation::value)
                .containsExactly("r3/redis-server", "r3/redis-sentinel");
        assertThat(problem(observed, OwnSpecs.spec("observe"), ADOPT).errors())
                .extracting(Violation::field)
                .containsExactly("spec.manage");
    }

    /** The monitor has it already, and the provisioner looks at the hosts by it. */
    @Test
    void oneThatAsksForAPasswordIsTakenOverByTheOneThatItIsObservedBy() {
        ClusterState guarded = next(null, guarded("observe", "orders-probe"), ANY);
        ClusterState taken = next(guarded, guarded("full", "orders-probe"), ADOPT);
        assertThat(taken.spec().adopted()).isTrue();
        assertThat(taken.spec().security().probe()).isEqualTo(new ProbeSpec("default", "orders-probe"));
        for (ClusterSpec other : List.of(OwnSpecs.spec("full"), guarded("full", "another"))) {
            for (ClusterState standing : List.of(guarded, taken)) {
                assertThat(problem(standing, other, ADOPT).errors())
                        .singleElement()
                        .satisfies(broken -> {
                            assertThat(broken.field()).isEqualTo("spec.security.probe.credential");
                            assertThat(broken.rule()).contains("is for the cluster's life");
                        });
            }
        }
        assertThat(problem(adopted, guarded("full", "orders-probe"), ANY).errors())
                .extracting(Violation::field)
                .containsExactly("spec.security.probe.credential");
    }

    /** Its plan says that it needs restarts, which are for later. */
    @Test
    void aTakeoverMayNameWhatRedisReadsAtItsStartOnly() {
        Map<String, Object> document = OwnSpecs.document("full");
        SpecReaderTest.put(document, "spec.redis.config.databases", "32");
        ClusterState taken = next(observed, SpecReaderTest.good(document), ADOPT);
        assertThat(taken.revision()).isEqualTo(2);
        assertThat(next(taken, SpecReaderTest.good(document), ANY).revision())
                .as("applied again")
                .isEqualTo(2);
        SpecReaderTest.put(document, "spec.redis.config.databases", "64");
        for (Revision.Expected expected : List.of(ANY, ADOPT)) {
            assertThat(problem(taken, SpecReaderTest.good(document), expected).errors())
                    .extracting(Violation::field)
                    .containsExactly("spec.redis.config.databases");
        }
    }

    @Test
    void whereItLiesIsForItsLifeFromThenOn() {
        Map<String, Object> document = OwnSpecs.document("observe");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.config", "/srv/other/redis.conf");
        assertThat(next(observed, SpecReaderTest.good(document), ANY).revision())
                .as("of what is only observed it is no more than a note")
                .isEqualTo(2);
        SpecReaderTest.put(document, "spec.manage", "full");
        assertThat(problem(adopted, SpecReaderTest.good(document), ANY).errors())
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo(AT);
                    assertThat(broken.value()).isEqualTo("/srv/other/redis.conf");
                    assertThat(broken.rule()).endsWith("it stays /srv/orders/redis.conf");
                });
        Map<String, Object> plain = SpecReaderTest.document();
        SpecReaderTest.put(plain, "spec.security.acl", "off");
        ClusterState built = next(null, SpecReaderTest.good(plain), ANY);
        assertThat(problem(built, OwnSpecs.spec("full"), ANY).errors())
                .hasSize(6)
                .allSatisfy(broken -> assertThat(broken.rule()).endsWith("where Redfleet has put it"));
    }

    @Test
    void nobodyJoinsOneThatWasAdoptedAndNobodyIsRemovedWhoseMachineIsThere() {
        Map<String, Object> document = OwnSpecs.document("full");
        List<Object> four = new ArrayList<>(SpecReaderTest.hosts(document));
        four.add(OwnSpecs.host(4));
        SpecReaderTest.put(document, "spec.hosts", four);
        assertThat(problem(adopted, SpecReaderTest.good(document), ANY).errors())
                .extracting(Violation::rule)
                .hasSize(2)
                .allSatisfy(rule -> assertThat(rule).contains("nobody joins a cluster that was adopted"));

        Departures.Named removed = new Departures.Named(List.of("r3"), List.of());
        assertThat(problem(adopted, fewer(), expected(removed, false, false)).errors())
                .singleElement()
                .satisfies(broken -> {
                    assertThat(broken.field()).isEqualTo("remove");
                    assertThat(broken.value()).isEqualTo("r3");
                });
        Departures.Named lost = new Departures.Named(List.of(), List.of("r3"));
        assertThat(next(adopted, fewer(), expected(lost, false, false)).leavers())
                .hasSize(1);
    }

    @Test
    void itIsNotGivenAwayAgain() {
        assertThat(problem(adopted, OwnSpecs.spec("observe"), ANY).errors())
                .singleElement()
                .satisfies(broken -> assertThat(broken.rule()).contains("is managed"));
    }

    /** The same, which asks for a password. */
    private static ClusterSpec guarded(String manage, String credential) {
        return SpecReaderTest.good(OwnSpecs.document(manage, credential));
    }

    /** Two of its three hosts. */
    private static ClusterSpec fewer() {
        Map<String, Object> document = OwnSpecs.document("full");
        List<Object> hosts = new ArrayList<>(SpecReaderTest.hosts(document));
        hosts.removeLast();
        SpecReaderTest.put(document, "spec.hosts", hosts);
        SpecReaderTest.put(document, "spec.sentinel.allowWeakQuorum", true);
        return SpecReaderTest.good(document);
    }

    private static Revision.Expected expected(Departures.Named named, boolean rolling, boolean adopt) {
        return new Revision.Expected(null, false, 0, named, rolling, adopt, false);
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

    private static List<Violation> bad(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
