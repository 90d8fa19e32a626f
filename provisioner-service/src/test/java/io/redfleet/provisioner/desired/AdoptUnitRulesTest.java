package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spec may say of instances that run under units of their builder's. */
class AdoptUnitRulesTest {
    private static final Revision.Expected ANY = new Revision.Expected(null, false);
    private static final Revision.Expected ADOPT =
            new Revision.Expected(null, false, 0, Departures.Named.NOBODY, false, true, false);
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final String AT = "spec.hosts[name=r1].instances[name=redis-server].at";

    @Test
    void eachNamesItsUnit() {
        OwnPlace at = new OwnPlace("/srv/orders/redis.conf", "redis-server.service");
        assertThat(OwnSpecs.underUnits().at(R1)).contains(at);
        assertThat(SpecReaderTest.good(OwnSpecs.unitDocument("observe")).at(R1))
                .as("of what is only observed too, where nobody says how it is run")
                .contains(at);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "redis@.service", "a b.service", "-x.service", "redfleet-a-b.service"})
    void aUnitIsNamedByItsName(String unit) {
        for (String manage : List.of("observe", "full")) {
            Map<String, Object> document = OwnSpecs.unitDocument(manage);
            SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.unit", unit);
            assertThat(bad(document)).anySatisfy(broken -> {
                assertThat(broken.field()).isEqualTo("spec.hosts[0].instances[0].at.unit");
                assertThat(broken.value()).isEqualTo(unit);
                assertThat(broken.rule()).isEqualTo(OwnPlace.UNIT_RULE);
            });
        }
    }

    /** Each row is one field, and the field and words of its refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.service                   | process      | spec.service        | must be systemd of a cluster that runs under
            spec.service                   | sysv         | spec.service        | must be systemd of a cluster that runs under
            spec.security.probe.credential | orders-probe | spec.security.probe | a start guard would have to know
            spec.firewall.backend          | nftables     | spec.firewall       | must be left out
            spec.tuning.profile            | recommended  | spec.tuning         | must be off
            """)
    void whatIsNotDoneForThoseIsRefusedByItsName(String field, String value, String refused, String words) {
        Map<String, Object> document = OwnSpecs.unitDocument("full");
        SpecReaderTest.put(document, field, value);
        assertThat(bad(document))
                .filteredOn(broken -> broken.field().equals(refused))
                .extracting(Violation::rule)
                .anyMatch(rule -> rule.contains(words));
    }

    @Test
    void allOfThemRunUnderUnitsAndEachUnderOneOfItsOwn() {
        Map<String, Object> document = OwnSpecs.unitDocument("full");
        SpecReaderTest.put(document, "spec.hosts.0.instances.0.at.unit", null);
        SpecReaderTest.put(document, "spec.hosts.1.instances.1.at.unit", "redis-server.service");
        assertThat(bad(document))
                .extracting(Violation::field, Violation::rule)
                .contains(
                        tuple(AT + ".unit", "must be said of every instance or of none"),
                        tuple(
                                "spec.hosts[name=r2].instances[name=redis-sentinel].at.unit",
                                "another instance of this host has the same unit"));
    }

    @Test
    void aTakeoverSaysHowTheyAreRunAndWhereRedfleetHasItsOwn() {
        ClusterState observed = next(null, SpecReaderTest.good(OwnSpecs.unitDocument("observe")), ANY);
        ClusterState taken = next(observed, OwnSpecs.underUnits(), ADOPT);
        assertThat(taken.spec().service()).isEqualTo(ClusterSpec.SYSTEMD);
        assertThat(taken.spec().hosts().getFirst().directory()).isEqualTo("/var/lib/redfleet");
        Map<String, Object> other = OwnSpecs.unitDocument("full");
        SpecReaderTest.put(other, "spec.hosts.0.instances.0.at.unit", "redis-server@main.service");
        assertThat(broken(taken, SpecReaderTest.good(other))).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo(AT);
            assertThat(broken.value()).isEqualTo("/srv/orders/redis.conf (redis-server@main.service)");
            assertThat(broken.rule()).endsWith("it stays /srv/orders/redis.conf (redis-server.service)");
        });
        assertThat(broken(taken, OwnSpecs.spec("full")))
                .extracting(Violation::field)
                .contains("spec.service", AT);
    }

    private static List<Violation> bad(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }

    private static ClusterState next(@Nullable ClusterState before, ClusterSpec spec, Revision.Expected expected) {
        Revision.Decision decision = Revision.follow(before, spec, expected, () -> new ClusterUid("u1"), Instant.EPOCH);
        assertThat(decision).isInstanceOf(Revision.Next.class);
        return ((Revision.Next) decision).state();
    }

    private static List<Violation> broken(ClusterState before, ClusterSpec spec) {
        Revision.Decision decision = Revision.follow(before, spec, ANY, () -> new ClusterUid("u1"), Instant.EPOCH);
        assertThat(decision).isInstanceOf(Revision.No.class);
        return ((Revision.No) decision).problem().errors();
    }
}
