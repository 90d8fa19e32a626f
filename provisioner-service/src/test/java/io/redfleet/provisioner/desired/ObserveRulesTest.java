package io.redfleet.provisioner.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.wire.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a spec with {@code manage: observe} may say. */
class ObserveRulesTest {
    @Test
    void aClusterIsManagedUnlessItsDocumentSaysOtherwise() {
        assertThat(SpecReaderTest.good(SpecReaderTest.document()).manage()).isEqualTo(Manage.FULL);
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.manage", "full");
        assertThat(SpecReaderTest.good(document).observed()).isFalse();
    }

    /** Whatever stands: it says nothing of who is let in, and no user is made. */
    @Test
    void oneThatIsObservedIsOpenAndOnlyWatchedUnlessItSaysThat() {
        ClusterSpec spec = SpecReaderTest.good(observed());
        assertThat(spec.observed()).isTrue();
        assertThat(spec.security()).isEqualTo(SecuritySpec.OFF);
        assertThat(spec.watch().mode()).isEqualTo(WatchMode.OBSERVE);
        Map<String, Object> alerts = observed();
        SpecReaderTest.put(alerts, "spec.watch.mode", "alert-only");
        assertThat(SpecReaderTest.good(alerts).watch().mode()).isEqualTo(WatchMode.ALERT_ONLY);
    }

    /** Each row is one field that would have to be written somewhere, and the field and words of its refusal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            spec.manage                        | perhaps   | spec.manage         | one of full, observe
            spec.security.acl                  | generated | spec.security.acl   | name by spec.security.probe as whom to log in
            spec.watch.mode                    | auto      | spec.watch.mode     | must be observe or alert-only
            spec.monit.agent                   | on        | spec.monit.agent    | must be off
            spec.tuning.profile                | article   | spec.tuning         | must be left out
            spec.redis.config.maxmemory        | 64mb      | spec.redis.config   | must be left out
            spec.durability.minReplicasToWrite | 0         | spec.durability     | must be left out
            """)
    void whatWouldHaveToBeWrittenIsRefusedByItsName(String field, String value, String refused, String words) {
        Map<String, Object> document = observed();
        Object typed = value.matches("\\d+") ? Integer.valueOf(value) : value;
        SpecReaderTest.put(document, field, typed);
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo(refused);
            assertThat(broken.rule()).contains(words);
        });
    }

    @Test
    void whoMayReachItsPortsIsItsHostsToSay() {
        Map<String, Object> document = observed();
        Map<String, Object> firewall =
                Map.of("backend", "nftables", "monitors", List.of("10.9.0.1"), "clients", List.of());
        SpecReaderTest.put(document, "spec.firewall", firewall);
        assertThat(bad(document).stream().map(broken -> broken.field() + " " + broken.rule()))
                .anyMatch(broken -> broken.startsWith("spec.firewall must be left out"));
    }

    @Test
    void aLoginOfSomebodysOwnMakingIsNamedByItsFile() {
        Map<String, Object> document = observed();
        SpecReaderTest.put(document, "spec.security.probe.credential", "orders-probe");
        assertThat(SpecReaderTest.good(document).security())
                .isEqualTo(new SecuritySpec(SecuritySpec.Acl.OFF, null, new ProbeSpec("default", "orders-probe")));
        SpecReaderTest.put(document, "spec.security.probe.user", "watcher");
        assertThat(SpecReaderTest.good(document).security().probe())
                .isEqualTo(new ProbeSpec("watcher", "orders-probe"));

        SpecReaderTest.put(document, "spec.manage", "full");
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.security.probe");
            assertThat(broken.rule()).contains("only with manage: observe");
        });
    }

    /** Nothing of it is shown: somebody may have written the password there. */
    @ParameterizedTest
    @ValueSource(strings = {"../keys/provisioner.key", "a b", "orders.properties", ""})
    void whatIsNoNameOfAFileIsRefusedAndNotShown(String credential) {
        Map<String, Object> document = observed();
        SpecReaderTest.put(document, "spec.security.probe.user", "watcher");
        SpecReaderTest.put(document, "spec.security.probe.credential", credential.isEmpty() ? null : credential);
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.security.probe.credential");
            assertThat(broken.value()).isEqualTo("(not shown)");
        });
    }

    @Test
    void soIsWhatRunsProcessesAndWhatInstallsThem() {
        Map<String, Object> document = observed();
        SpecReaderTest.put(document, "spec.service", "systemd");
        SpecReaderTest.put(document, "spec.redis.install", "packages");
        assertThat(bad(document))
                .extracting(Violation::field)
                .containsExactlyInAnyOrder("spec.redis.install", "spec.service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check system machine if memory > 90% then alert",
                "check process redis-server with pidfile /run/redis.pid if cpu > 90% then alert",
                "check process redis-server with pidfile /run/redis.pid if does not exist then restart",
                "check process redis-server with pidfile /run/redis.pid if changed pid then alert"
            })
    void aRuleAboutWhatOnlyAHostKnowsIsRefused(String rules) {
        Map<String, Object> document = observed();
        SpecReaderTest.put(document, "spec.watch.rules", rules);
        assertThat(bad(document)).singleElement().satisfies(broken -> {
            assertThat(broken.field()).isEqualTo("spec.watch.rules");
            assertThat(broken.rule()).contains("only the host knows");
        });
        SpecReaderTest.put(document, "spec.manage", "full");
        assertThat(SpecReaderTest.good(document)).as("of any other it is taken").isNotNull();
    }

    @Test
    void aRuleAboutAPortIsJudged() {
        Map<String, Object> document = observed();
        SpecReaderTest.put(
                document,
                "spec.watch.rules",
                "check process redis-server with pidfile /run/redis.pid if failed port 6379 then restart");
        assertThat(SpecReaderTest.good(document).watch().rules()).contains("failed port 6379");
    }

    private static Map<String, Object> observed() {
        Map<String, Object> document = SpecReaderTest.document();
        SpecReaderTest.put(document, "spec.manage", "observe");
        return document;
    }

    private static List<Violation> bad(Map<String, Object> document) {
        SpecReader.Reading reading = SpecReader.read(document);
        assertThat(reading).isInstanceOf(SpecReader.Bad.class);
        return ((SpecReader.Bad) reading).violations();
    }
}
