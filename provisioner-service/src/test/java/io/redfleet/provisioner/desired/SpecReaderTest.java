package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.wire.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecReaderTest {

    @Test
    void aNameAndThreeHostsAreEnough() {
        ClusterSpec spec = good(document());
        assertThat(spec.members(InstanceRole.REDIS)).hasSize(3);
        assertThat(spec.members(InstanceRole.SENTINEL)).hasSize(3);
        assertThat(spec.sentinel().quorum()).isEqualTo(2);
        assertThat(spec.sentinel().masterName()).isEqualTo("orders");
        assertThat(spec.sentinel().downAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(spec.durability()).isEqualTo(new Durability(1, Duration.ofSeconds(10)));
        assertThat(spec.bootstrapMaster().value()).isEqualTo("r1");
        assertThat(spec.watch().mode()).isEqualTo(WatchMode.AUTO);
        assertThat(spec.members().getFirst().endpoint()).hasToString("10.0.0.11:6379");
    }

    @Test
    void aKeyAsLongAsADocumentIsShownShortened() {
        Map<String, Object> document = document();
        put(document, "spec." + "x".repeat(100_000), "y");
        List<Violation> violations = ((SpecReader.Bad) SpecReader.read(document)).violations();
        assertThat(violations)
                .hasSize(1)
                .allSatisfy(broken ->
                        assertThat(broken.field()).startsWith("spec.xxx").hasSizeLessThan(210));
    }

    @Test
    void bareOnAndOffOfYamlAreWords() {
        Map<String, Object> document = document();
        put(document, "spec.monit.agent", false);
        put(document, "spec.security.tls", false);
        assertThat(good(document)).isNotNull();
    }

    @Test
    void aNewClusterIsClosedUnlessItsDocumentSaysOtherwiseAndAStandingOneStaysAsItIs() {
        assertThat(good(document()).security().generated()).isTrue();
        Map<String, Object> open = document();
        put(open, "spec.security.acl", false);
        assertThat(good(open).security()).isEqualTo(SecuritySpec.OFF);
        assertThat(((SpecReader.Good) SpecReader.read(document(), SecuritySpec.OFF))
                        .spec()
                        .security())
                .isEqualTo(SecuritySpec.OFF);
    }

    /** Each row breaks one rule: the field that is set, the value, the field named, words of the rule. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    metadata.name               | Orders          | metadata.name            | must match
                    spec.hosts.0.address        | " "             | spec.hosts[0].address    | must be an IPv4 address
                    metadata.name               | -x              | metadata.name            | must match
                    metadata.labels.a b         | x               | metadata.labels.a b      | label
                    kind                        | Pod             | kind                     | one of Cluster
                    apiVersion                  | v1              | apiVersion               | redfleet.io/v1
                    colour                      | red             | colour                   | unknown key
                    spec.colour                 | red             | spec.colour              | unknown key
                    spec.redis.colour           | red             | spec.redis.colour        | unknown key
                    spec.redis.engine           | valkey          | spec.redis.engine        | not supported
                    spec.redis.engine           | mongo           | spec.redis.engine        | one of
                    spec.redis.install          | package         | spec.redis.install       | only present
                    spec.redis.archive          | x               | spec.redis.archive       | not supported
                    spec.redis.version          | 6.0             | spec.redis.version       | from 6.2
                    spec.redis.version          | 5               | spec.redis.version       | from 6.2
                    spec.redis.version          | new             | spec.redis.version       | version
                    spec.redis.port             | #0              | spec.redis.port          | from 1 to 65535
                    spec.redis.port             | #65536          | spec.redis.port          | from 1 to 65535
                    spec.redis.port             | 6379            | spec.redis.port          | whole number
                    spec.redis.config.dir       | /etc            | spec.redis.config.dir    | never taken
                    spec.redis.config.loadmodule| /x.so           | spec.redis.config.loadmodule | never taken
                    spec.redis.config.enable-debug-command | yes  | spec.redis.config.enable-debug-command | never taken
                    spec.redis.config.requirepass | x             | spec.redis.config.requirepass | never taken
                    spec.redis.config.port      | 1               | spec.redis.config.port   | spec.redis.port
                    spec.redis.config.flubber   | 1               | spec.redis.config.flubber | not a directive
                    spec.redis.config.maxmemory | a"b             | spec.redis.config.maxmemory | quotes
                    spec.redis.config.maxmemory | 1 2             | spec.redis.config.maxmemory | one value
                    spec.redis.config.save      | "1 1\\nreplicaof 10.0.0.9 1" | spec.redis.config.save | line breaks
                    spec.durability.minReplicasToWrite | #2       | spec.durability.minReplicasToWrite | below
                    spec.durability.maxLag      | 1500ms          | spec.durability.maxLag   | whole seconds
                    spec.durability.maxLag      | soon            | spec.durability.maxLag   | duration
                    spec.sentinel.quorum        | #4              | spec.sentinel.quorum     | at most
                    spec.sentinel.masterName    | a*b             | spec.sentinel.masterName | letters
                    spec.sentinel.downAfter     | 1ms             | spec.sentinel.downAfter  | from 500ms
                    spec.sentinel.downAfter     | #5              | spec.sentinel.downAfter  | duration
                    spec.bootstrapMaster        | r9              | spec.bootstrapMaster     | host
                    spec.service                | systemd         | spec.service             | only process
                    spec.tuning.profile         | recommended     | spec.tuning.profile      | only none
                    spec.security.acl           | strict          | spec.security.acl        | one of
                    spec.security.tls           | on              | spec.security.tls        | only off
                    spec.monit.agent            | on              | spec.monit.agent         | only off
                    spec.watch.mode             | paused          | spec.watch.mode          | one of
                    spec.watch.compat           | nagios          | spec.watch.compat        | one of
                    spec.watch.canary           | on              | spec.watch.canary        | only off
                    spec.directory              | ../etc          | spec.directory           | must not contain
                    spec.directory              | a b             | spec.directory           | path
                    spec.hosts                  | r1              | spec.hosts               | must be a list
                    spec.hosts.0.name           | r2              | spec.hosts[1].name       | must differ
                    spec.hosts.0.name           | a b             | spec.hosts[0].name       | letters
                    spec.hosts.0.address        | r1.example      | spec.hosts[0].address    | IPv4
                    spec.hosts.0.address        | 0.0.0.0         | spec.hosts[0].address    | IPv4
                    spec.hosts.0.address        | 10.0.0.256      | spec.hosts[0].address    | IPv4
                    spec.hosts.0.address        | 10.0.0.12       | spec.hosts[1].instances  | same address and port
                    spec.hosts.0.roles          | redis           | spec.hosts[0].roles      | must be a list
                    spec.hosts.0.ssh.user       | root; rm        | spec.hosts[0].ssh.user   | user name
                    spec.hosts.0.ssh.port       | #0              | spec.hosts[0].ssh.port   | from 1
                    spec.hosts.0.ssh.credential | ../id           | spec.hosts[0].ssh.credential | name of a key
                    spec.hosts.0.ssh.hostKey    | abc             | spec.hosts[0].ssh.hostKey | public key
                    spec.hosts.0.ssh.hostKey    | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE | spec.hosts[0].ssh.hostKey | whole
                    spec.hosts.0.ssh.hostKey    | ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3G | spec.hosts[0].ssh.hostKey | whole
                    spec.hosts.0.ssh.hostKey    | ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9 | spec.hosts[0].ssh.hostKey | whole
                    spec.hosts.0.ssh.via        | bastion         | spec.hosts[0].ssh.via    | not supported
                    """)
    void everyRuleIsNamedWithItsFieldAndValue(String field, String value, String named, String words) {
        Map<String, Object> document = document();
        put(document, field, value(value));
        List<Violation> broken = bad(document);
        assertThat(broken).anySatisfy(violation -> {
            assertThat(violation.field()).isEqualTo(named);
            assertThat(violation.rule()).contains(words);
        });
        assertThat(broken).hasSize(1);
    }

    @Test
    void aWholeHostKeyIsTaken() {
        String key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEODQle/14SrcH5XP95a075MHyTdlhXNaNiz+F3GE7S9";
        Map<String, Object> document = document();
        put(document, "spec.hosts.0.ssh.hostKey", key);
        assertThat(good(document).hosts().getFirst().ssh().hostKey()).isEqualTo(key);
    }

    @Test
    void twoSentinelsNeedTheWordThatAcceptsThem() {
        Map<String, Object> document = document();
        put(document, "spec.hosts.2.roles", List.of("redis"));
        assertThat(bad(document))
                .singleElement()
                .satisfies(violation -> assertThat(violation.rule()).contains("allowWeakQuorum"));
        put(document, "spec.sentinel.allowWeakQuorum", true);
        assertThat(good(document).sentinel().quorum()).isEqualTo(2);
    }

    @Test
    void allRulesAreCollectedAtOnce() {
        Map<String, Object> document = document();
        put(document, "spec.redis.port", 0);
        put(document, "spec.service", "systemd");
        put(document, "spec.hosts.1.address", "nowhere");
        assertThat(bad(document)).hasSize(3);
    }

    @Test
    void whatIsNoObjectAtAllIsRefusedNotThrown() {
        assertThat(bad(null)).isNotEmpty();
        assertThat(bad("text")).isNotEmpty();
        assertThat(bad(List.of(1, 2))).isNotEmpty();
        assertThat(bad(Map.of("metadata", 1, "spec", Map.of("hosts", List.of(1, "x")))))
                .isNotEmpty();
    }

    @Test
    void aSentinelMayAnnounceAnotherAddressAndInstancesHavePortsOfTheirOwn() {
        Map<String, Object> document = document();
        put(
                document,
                "spec.hosts.0.instances",
                List.of(
                        Map.of("role", "redis", "port", 7001, "replicaPriority", 10),
                        Map.of("role", "sentinel", "port", 7002, "announce", Map.of("ip", "203.0.113.11"))));
        ClusterSpec spec = good(document);
        assertThat(spec.members().get(0).endpoint()).hasToString("10.0.0.11:7001");
        assertThat(spec.members().get(1).announce()).hasToString("203.0.113.11:7002");
    }

    private static Object value(String text) {
        return text.startsWith("#") ? Integer.valueOf(text.substring(1)) : text.replace("\\n", "\n");
    }

    static Map<String, Object> document() {
        List<Object> hosts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            hosts.add(new LinkedHashMap<>(Map.of("name", "r" + i, "address", "10.0.0.1" + i)));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("metadata", new LinkedHashMap<>(Map.of("name", "orders")));
        document.put("spec", new LinkedHashMap<>(Map.of("hosts", hosts)));
        return document;
    }

    @SuppressWarnings("unchecked") // the test builds the tree itself
    static void put(Map<String, Object> document, String path, Object value) {
        Object at = document;
        String[] keys = path.split("\\.(?=[a-zA-Z0-9])", -1);
        for (int i = 0; i < keys.length - 1; i++) {
            at = at instanceof List<?> list
                    ? list.get(Integer.parseInt(keys[i]))
                    : ((Map<String, Object>) at).computeIfAbsent(keys[i], key -> new LinkedHashMap<>());
        }
        ((Map<String, Object>) at).put(keys[keys.length - 1], value);
    }

    /** The host list of a document that {@link #document} made. */
    static List<?> hosts(Map<String, Object> document) {
        Map<?, ?> spec = (Map<?, ?>) Objects.requireNonNull(document.get("spec"));
        return (List<?>) Objects.requireNonNull(spec.get("hosts"));
    }

    static ClusterSpec good(Object document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return ((SpecReader.Good) reading).spec();
    }

    private static List<Violation> bad(@Nullable Object document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
