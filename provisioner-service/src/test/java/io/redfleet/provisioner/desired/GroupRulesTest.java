package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Specs whose Sentinels are a group's, by themselves and beside others. */
class GroupRulesTest {
    private static final Revision.Expected ANY = new Revision.Expected(null, false);

    @Test
    void theSentinelsAreThoseOfTheGroupAndTheDataNodesAreNot() {
        ClusterSpec spec = SpecReaderTest.good(grouped("orders"));
        assertThat(spec.sentinel().group()).isEqualTo("ring");
        assertThat(spec.sentinel().groupOf(InstanceRole.SENTINEL)).contains("ring");
        assertThat(spec.sentinel().groupOf(InstanceRole.REDIS)).isEmpty();
    }

    @Test
    void whoNamesNoGroupHasSentinelsOfItsOwn() {
        ClusterSpec spec = SpecReaderTest.good(SpecReaderTest.document());
        assertThat(spec.sentinel().group()).isNull();
        assertThat(spec.sentinel().groupOf(InstanceRole.SENTINEL)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ring", "Ring", "ri.ng", "ri/ng", "ring-", "two words"})
    void theNameOfAGroupIsThatOfADirectory(String name) {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.sentinel.group", name);
        assertThat(broken(document)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.sentinel.group");
            assertThat(violation.value()).isEqualTo(name);
            assertThat(violation.rule()).contains("must match");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.security.acl      | off           | spec.security.acl   | must be generated with spec.sentinel.group
            spec.service           | sysv          | spec.service        | must be process or systemd with spec.sentinel.group
            spec.monit.agent       | on            | spec.monit.agent    | must be off with spec.sentinel.group
            """)
    void whatAGroupDoesNotDoYetIsRefusedByName(String field, String value, String told, String rule) {
        Map<String, Object> document = grouped("orders");
        SpecReaderTest.put(document, field, value);
        assertThat(broken(document)).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo(told);
            assertThat(violation.value()).isEqualTo(value);
            assertThat(violation.rule()).startsWith(rule);
        });
    }

    @Test
    void unitsRunThemToo() {
        Map<String, Object> document = grouped("orders");
        SpecReaderTest.put(document, "spec.service", "systemd");
        assertThat(SpecReaderTest.good(document).sentinel().group()).isEqualTo("ring");
    }

    @Test
    void whatComesOutOfAnArchiveIsOneClustersOwn() {
        Map<String, Object> document = grouped("orders");
        SpecReaderTest.put(document, "spec.redis.install", "archive");
        SpecReaderTest.put(document, "spec.redis.version", "8.0.2");
        SpecReaderTest.put(document, "spec.redis.archive.file", "redis-8.0.2.tar.gz");
        SpecReaderTest.put(document, "spec.redis.archive.sha256", "0123456789abcdef".repeat(4));
        assertThat(broken(document)).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo("spec.redis.install");
            assertThat(violation.rule()).startsWith("must be present with spec.sentinel.group");
        });
    }

    @Test
    void whatSomebodyElseBuiltJoinsNoGroup() {
        Map<String, Object> document = grouped("orders");
        SpecReaderTest.put(document, "spec.manage", "observe");
        assertThat(broken(document)).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo("spec.sentinel.group");
            assertThat(violation.rule()).contains("somebody else built");
        });
    }

    @Test
    void membersOfAGroupWithTheSameSentinelsAndOtherNamesGoTogether() {
        assertThat(clashes(grouped("billing"), grouped("orders"))).isEmpty();
    }

    @Test
    void aHostMayHaveAnotherNameInAnotherSpec() {
        Map<String, Object> billing = grouped("billing");
        SpecReaderTest.put(billing, "spec.hosts.0.name", "b1");
        assertThat(clashes(billing, grouped("orders"))).isEmpty();
    }

    /** What the second spec says otherwise; the field that is named, words of the rule. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.sentinel.masterName | orders    | spec.sentinel.masterName | is that of cluster orders of the group ring
            spec.hosts.1.address     | 10.0.0.19 | spec.hosts               | missing [10.0.0.12:26379 in redfleet redis-sentinel]
            spec.sentinel.port       | 26380     | spec.hosts               | must name the Sentinels that cluster orders
            spec.directory           | elsewhere | spec.hosts               | in elsewhere redis-sentinel
            """)
    void whatDoesNotGoWithAnotherMemberIsNamedWithIt(String field, String value, String told, String rule) {
        Map<String, Object> billing = grouped("billing");
        SpecReaderTest.put(billing, field, field.endsWith("port") ? (Object) Integer.valueOf(value) : value);
        assertThat(clashes(billing, grouped("orders"))).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo(told);
            assertThat(violation.rule()).contains(rule);
        });
    }

    /** One unit, or one process that the provisioner starts: never both. */
    @Test
    void allMembersRunThemTheSameWay() {
        Map<String, Object> orders = grouped("orders");
        Map<String, Object> billing = grouped("billing");
        SpecReaderTest.put(orders, "spec.directory", "/srv/redis");
        SpecReaderTest.put(billing, "spec.directory", "/srv/redis");
        assertThat(clashes(billing, orders)).isEmpty();
        SpecReaderTest.put(billing, "spec.service", "systemd");
        assertThat(clashes(billing, orders)).singleElement().satisfies(violation -> {
            assertThat(violation.field()).isEqualTo("spec.service");
            assertThat(violation.value()).isEqualTo("systemd");
            assertThat(violation.rule()).isEqualTo("must be process, as of cluster orders of the group ring");
        });
    }

    /** Whoever rules the one by its labels need not rule the other, nor know of it. */
    @ParameterizedTest
    @CsvSource({
        "spec.sentinel.masterName, orders",
        "spec.hosts.1.address, 10.0.0.19",
    })
    void aClusterOfOtherLabelsIsNotNamedAndItsHostsAreNot(String field, String value) {
        Map<String, Object> billing = grouped("billing");
        SpecReaderTest.put(billing, "metadata.labels", Map.of("team", "billing"));
        SpecReaderTest.put(billing, field, value);
        assertThat(clashes(billing, grouped("orders")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.rule())
                        .contains("another cluster of the group ring")
                        .doesNotContain("cluster orders")
                        .doesNotContain("10.0.0.12"));
    }

    @Test
    void anotherGroupAndClustersWithoutOneAreNobodysConcern() {
        Map<String, Object> billing = grouped("billing");
        SpecReaderTest.put(billing, "spec.sentinel.masterName", "orders");
        SpecReaderTest.put(billing, "spec.sentinel.group", "other");
        assertThat(clashes(billing, grouped("orders"))).isEmpty();
        assertThat(clashes(billing, SpecReaderTest.document())).isEmpty();
        assertThat(clashes(SpecReaderTest.document(), grouped("orders"))).isEmpty();
    }

    @Test
    void aSpecIsNotHeldAgainstTheOneThatItFollows() {
        assertThat(clashes(grouped("orders"), grouped("orders"))).isEmpty();
    }

    @Test
    void whoseTheSentinelsAreIsForLife() {
        assertThat(next(SpecReaderTest.document(), grouped("orders")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.sentinel.group");
                    assertThat(violation.value()).isEqualTo("ring");
                    assertThat(violation.rule()).endsWith("they are its own");
                });
        assertThat(next(grouped("orders"), SpecReaderTest.document()))
                .singleElement()
                .satisfies(violation -> assertThat(violation.rule()).endsWith("they are those of the group ring"));
    }

    @Test
    void theSentinelsOfAGroupStay() {
        Map<String, Object> more = grouped("orders");
        SpecReaderTest.put(more, "spec.hosts", withAFourth(more));
        assertThat(next(grouped("orders"), more)).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo("spec.hosts");
            assertThat(violation.rule()).startsWith("the Sentinels of a group cannot change in this release");
        });
        Map<String, Object> patient = grouped("orders");
        SpecReaderTest.put(patient, "spec.sentinel.downAfter", "7s");
        assertThat(next(grouped("orders"), patient)).isEmpty();
    }

    private static List<Object> withAFourth(Map<String, Object> document) {
        List<Object> hosts = new ArrayList<>(SpecReaderTest.hosts(document));
        hosts.add(Map.of("name", "r4", "address", "10.0.0.14"));
        return hosts;
    }

    private static List<Violation> next(Map<String, Object> standing, Map<String, Object> wanted) {
        Revision.Decision decision = Revision.follow(
                state(standing), SpecReaderTest.good(wanted), ANY, () -> new ClusterUid("u9"), Instant.EPOCH);
        return decision instanceof Revision.No no ? problems(no.problem()) : List.of();
    }

    private static List<Violation> problems(Problem problem) {
        assertThat(problem.status()).isEqualTo(422);
        return problem.errors();
    }

    private static List<Violation> clashes(Map<String, Object> wanted, Map<String, Object> standing) {
        return GroupRules.clashes(SpecReaderTest.good(wanted), List.of(state(standing)));
    }

    private static ClusterState state(Map<String, Object> document) {
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                1,
                Phase.READY,
                "",
                Instant.EPOCH,
                SpecReaderTest.good(document));
    }

    private static List<Violation> broken(Map<String, Object> document) {
        return ((SpecReader.Bad) SpecReader.read(document)).violations();
    }

    private static Map<String, Object> grouped(String name) {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "metadata.name", name);
        SpecReaderTest.put(document, "spec.sentinel.group", "ring");
        return document;
    }
}
