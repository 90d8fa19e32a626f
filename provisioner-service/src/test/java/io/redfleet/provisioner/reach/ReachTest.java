package io.redfleet.provisioner.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.BuildHost;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Durability;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.RedisSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.SentinelSpec;
import io.redfleet.contracts.cluster.SourceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.contracts.cluster.TuningSpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.cluster.WatchSpec;
import io.redfleet.contracts.wire.Violation;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/16,     10.0.255.1,        true",
        "10.0.0.0/16,     10.1.0.1,          false",
        "10.0.0.0/13,     10.7.255.255,      true",
        "10.0.0.0/13,     10.8.0.0,          false",
        "10.0.0.7,        10.0.0.7,          true",
        "10.0.0.7,        10.0.0.8,          false",
        "10.0.0.6/31,     10.0.0.7,          true",
        "0.0.0.0/0,       203.0.113.9,       true",
        "0.0.0.0/0,       2001:db8::1,       false",
        "2001:db8::/32,   2001:db8:ffff::1,  true",
        "2001:db8::/32,   2001:db9::1,       false",
        "::/0,            10.0.0.1,          false"
    })
    void aRangeHoldsWhatBeginsWithItsBits(String range, String address, boolean holds) {
        assertThat(Range.of(range).orElseThrow().contains(address(address))).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.5/16",
                "10.0.0.0/-1",
                "10.0.0.0/",
                "/8",
                "10.0/16",
                "localhost",
                "010.0.0.1",
                "10.0.0.0/1x",
                "2001:db8::/129",
                "2001:db8::1/32",
                "example.org/8",
                "10.0.0.1 "
            })
    void whatIsNoRangeIsNotGuessedAt(String text) {
        assertThat(Range.of(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "100.100.100.200",
                "168.63.129.16",
                "192.0.0.192",
                "fd00:ec2::254",
                "fd20:ce::254",
                "fe80::1",
                "febf::1",
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "0.0.0.0",
                "0.1.2.3",
                "::",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "ff02::1"
            })
    void noLimitsOpenTheseAddresses(String text) {
        List<KeyLimits> widest = List.of(
                new KeyLimits.None(),
                LimitsText.read(Map.of("addresses", "0.0.0.0/0, ::/0, 169.254.0.0/16, fe80::/10"), "f"));
        for (KeyLimits limits : widest) {
            assertThat(limits.forbids("ops", address(text))).as(text).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.11", "10.0.0.1", "192.168.1.1", "203.0.113.9", "::1", "2001:db8::1", "fd12::1"})
    void withoutLimitsAnyHostMayBeReached(String text) {
        assertThat(new KeyLimits.None().forbids("ops", address(text))).isEmpty();
    }

    @Test
    void whatIsNoAddressAsItIsWrittenIsReachedByNobody() {
        assertThat(Reach.forbids(new KeyLimits.None(), "ops", "10.0.0.1")).isEmpty();
        assertThat(Reach.forbids(new KeyLimits.None(), "ops", "10.0.0.01")).contains("is not an IP address");
        assertThat(Reach.forbids(read("addresses", "10.0.0.0/24"), "ops", "metadata.internal"))
                .contains("is not an IP address");
    }

    @Test
    void theFieldTheValueAndTheRuleAreNamed() {
        KeyLimits limits = read("addresses", "10.0.0.0/24, 127.0.0.0/8");
        assertThat(Reach.judge(spec("process", "10.0.0.1", "10.0.1.1", "127.0.0.11"), key -> limits))
                .containsExactly(new Violation(
                        "spec.hosts[1].address",
                        "10.0.1.1",
                        "is outside of what key ops reaches: 10.0.0.0/24, 127.0.0.0/8"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            clusters=orders                     | true
            clusters=carts, orders              | true
            clusters=carts                      | false
            labels=env=prod                     | true
            labels=env=prod, team=checkout      | true
            labels=env=prod, team=payment       | false
            labels=env=test                     | false
            clusters=carts;labels=env=prod      | true
            clusters=carts;labels=env=test      | false
            hostWide=no                         | true
            """)
    void aKeyServesTheClustersThatItNamesOrThatCarryItsLabels(String text, boolean serves) {
        Map<String, String> entries = new java.util.HashMap<>();
        for (String entry : text.split(";", -1)) {
            entries.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
        }
        List<Violation> broken = Reach.judge(spec("process", "10.0.0.1"), key -> LimitsText.read(entries, "f"));
        if (serves) {
            assertThat(broken).isEmpty();
        } else {
            assertThat(broken)
                    .containsExactly(new Violation(
                            "spec.hosts[0].ssh.credential", "ops", "is a key that may not be used for this cluster"));
        }
    }

    @Test
    void whatBelongsToTheMachineNeedsAKeyThatMayChangeIt() {
        assertThat(Reach.judge(spec("systemd", "10.0.0.1"), key -> read("hostWide", "yes")))
                .isEmpty();
        assertThat(Reach.judge(spec("systemd", "10.0.0.1"), key -> read("hostWide", "no")))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.service");
                    assertThat(violation.rule()).contains("whole machine", "key ops");
                });
        assertThat(Reach.judge(spec("process", "10.0.0.1"), key -> read("hostWide", "no")))
                .isEmpty();
        ClusterSpec tuned = spec("process", "10.0.0.1").with(new TuningSpec(TuningSpec.Profile.ARTICLE, Map.of()));
        assertThat(Reach.judge(tuned, key -> read("hostWide", "yes"))).isEmpty();
        assertThat(Reach.judge(tuned, key -> read("hostWide", "no")))
                .containsExactly(new Violation(
                        "spec.tuning", "article", "changes what belongs to the whole machine, which key ops may not"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            address   | 10.0.0.0/8    | address is not a word
            addresses | 10.0.0.5/8    | neither an address nor a network
            addresses | 10.0.0.0/8,   | empty item
            addresses | ''            | empty item
            clusters  | Orders        | not a cluster's name
            clusters  | *             | not a cluster's name
            labels    | env           | key=value
            labels    | =prod         | key=value
            hostWide  | true          | yes or no
            """)
    void aWordThatIsNotUnderstoodShutsTheKey(String word, String value, String says) {
        KeyLimits limits = LimitsText.read(Map.of(word, value), "the limits file ops.properties");
        assertThat(limits)
                .isInstanceOfSatisfying(
                        KeyLimits.Unusable.class,
                        unusable -> assertThat(unusable.reason()).contains("ops.properties", says));
        assertThat(limits.forbids("ops", address("10.0.0.1"))).isPresent();
        assertThat(Reach.judge(spec("process", "10.0.0.1"), key -> limits)).hasSize(1);
    }

    @Test
    void aKeyIsShownToNoJumpHostBeyondItsLimits() {
        KeyLimits limits = read("addresses", "10.0.0.0/24");
        assertThat(Reach.judge(behind("ops@10.0.0.9:22"), key -> limits)).isEmpty();
        assertThat(Reach.judge(behind("ops@10.1.0.9:22"), key -> limits))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.field()).isEqualTo("spec.hosts[0].ssh.via");
                    assertThat(violation.value()).isEqualTo("ops@10.1.0.9:22");
                    assertThat(violation.rule()).contains("outside of what key ops reaches");
                });
        assertThat(Reach.judge(behind("ops@169.254.169.254:22"), key -> new KeyLimits.None()))
                .hasSize(1);
    }

    private static ClusterSpec behind(String via) {
        return spec("process", new SshSpec("ops", 22, "ops", null, via), "10.0.0.1");
    }

    /** Limits of the build host's key, the field that is refused and words of the rule; none: it may build. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            addresses | 10.0.9.0/24 |                                              |
            addresses | 10.0.0.0/24 | spec.redis.source.buildHost.address          | is outside of what key builder reaches
            clusters  | orders      |                                              |
            clusters  | carts       | spec.redis.source.buildHost.ssh.credential   | may not be used for this cluster
            colour    | red         | spec.redis.source.buildHost.ssh.credential   | colour
            """)
    void theBuildHostsKeyIsJudgedByItselfAndKeepsFromNothingElse(
            String word, String value, @Nullable String field, @Nullable String rule) {
        ClusterSpec spec = built();
        KeyLimits limits = read(word, value);
        KeyLimits.Source keys = key -> key.equals("builder") ? limits : new KeyLimits.None();
        assertThat(Reach.refusal(spec, keys)).as("what is not built").isEmpty();
        List<Violation> broken = Reach.judgeBuild(spec, keys);
        if (field == null || rule == null) {
            assertThat(broken).isEmpty();
            assertThat(Reach.refusalToBuild(spec, keys)).isEmpty();
        } else {
            assertThat(broken).singleElement().satisfies(violation -> {
                assertThat(violation.field()).isEqualTo(field);
                assertThat(violation.rule()).contains(rule);
            });
            assertThat(Reach.refusalToBuild(spec, keys).orElseThrow()).startsWith(field);
        }
    }

    @Test
    void whereNothingIsBuiltNoKeyIsAskedFor() {
        assertThat(Reach.judgeBuild(spec("process", "10.0.0.1"), key -> {
                    throw new AssertionError("nobody asks for " + key);
                }))
                .isEmpty();
    }

    private static ClusterSpec built() {
        BuildHost host = new BuildHost("10.0.9.9", new SshSpec("builder", 22, "builder", null), "redfleet-build");
        SourceSpec source = new SourceSpec("redis.tar.gz", "0".repeat(64), host);
        ClusterSpec plain = spec("process", "10.0.0.1");
        return new ClusterSpec(
                plain.name(),
                plain.labels(),
                new RedisSpec("redis", "8.0.2", RedisSpec.SOURCE, Map.of(), null, source),
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                plain.service(),
                plain.watch(),
                plain.security());
    }

    private static KeyLimits read(String word, String value) {
        return LimitsText.read(Map.of(word, value), "f");
    }

    private static InetAddress address(String text) {
        return Addresses.literal(text).orElseThrow();
    }

    private static ClusterSpec spec(String service, String... addresses) {
        return spec(service, new SshSpec("ops", 22, "ops", null), addresses);
    }

    private static ClusterSpec spec(String service, SshSpec ssh, String... addresses) {
        List<HostSpec> hosts = new java.util.ArrayList<>();
        for (String address : addresses) {
            hosts.add(new HostSpec(new HostName("r" + (hosts.size() + 1)), address, "", ssh, "redfleet", List.of()));
        }
        return new ClusterSpec(
                new ClusterName("orders"),
                Map.of("env", "prod", "team", "checkout"),
                new RedisSpec("redis", "", "present", Map.of()),
                new Durability(0, Duration.ofSeconds(10)),
                new SentinelSpec("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(60), 1),
                hosts,
                new HostName("r1"),
                service,
                new WatchSpec(WatchMode.AUTO, Duration.ofSeconds(1), Duration.ofSeconds(5)),
                SecuritySpec.OFF);
    }
}
