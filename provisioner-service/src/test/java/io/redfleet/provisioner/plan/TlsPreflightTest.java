package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.survey.TlsSurvey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One thing is wrong on a host, and is named with its path. */
class TlsPreflightTest {
    private static final String PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    private static final String HASH =
            Secret.of("-----BEGINCERTIFICATE-----AAAA-----ENDCERTIFICATE-----").hash();
    private static final TlsSpec TLS = new TlsSpec(PEM, "/etc/tls/ca.crt", "/etc/tls/host.crt", "/etc/tls/host.key");
    private static final TlsSurvey RIGHT = new TlsSurvey(
            "ops",
            "",
            Map.of("ca", "read", "certificate", "read", "key", "read"),
            "640",
            HASH,
            true,
            "Jan  2 03:04:05 2030 GMT",
            30,
            true,
            "OK");

    @Test
    void whereAllIsRightNothingIsInTheWay() {
        assertThat(obstacles(seen -> seen)).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNamed() {
        assertThat(obstacles(seen -> file(seen, "key", "locked")))
                .containsExactly(Map.entry("/etc/tls/host.key", "cannot be read by ops, who runs Redis"));
        assertThat(obstacles(seen -> file(seen, "ca", "missing")))
                .hasEntrySatisfying("/etc/tls/ca.crt", why -> assertThat(why).startsWith("is not there"));
        assertThat(obstacles(seen -> file(seen, "certificate", "strange")))
                .containsExactly(Map.entry("/etc/tls/host.crt", "is no file"));
        assertThat(obstacles(seen -> file(seen, "certificate", "")))
                .containsExactly(Map.entry("/etc/tls/host.crt", "was not looked at"));
    }

    @Test
    void aKeyIsNobodyElses() {
        for (String mode : List.of("644", "660", "604", "641", "777", "1642")) {
            assertThat(obstacles(seen -> mode(seen, mode)))
                    .as(mode)
                    .hasEntrySatisfying(
                            "/etc/tls/host.key", why -> assertThat(why).contains("has mode " + mode));
        }
        for (String mode : List.of("600", "400", "640", "440")) {
            assertThat(obstacles(seen -> mode(seen, mode))).as(mode).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"redis-cli, Redis", "valkey-cli, Valkey"})
    void aServerWithoutTlsIsNoneAndItsClientIsNamed(String client, String server) {
        assertThat(obstacles(seen -> new TlsSurvey(
                        seen.user(), client, seen.files(), seen.mode(), HASH, true, seen.ends(), 30, true, "OK")))
                .containsExactly(Map.entry(
                        client, "was built without TLS (it has no option --cacert), and so was its " + server));
    }

    @Test
    void theHostsCaIsTheSpecs() {
        assertThat(obstacles(seen -> new TlsSurvey(
                        seen.user(), "", seen.files(), seen.mode(), "f00d", true, seen.ends(), 30, true, "OK")))
                .containsExactly(
                        Map.entry("/etc/tls/ca.crt", "holds other certificates than the spec's security.tls.ca"));
    }

    @Test
    void whatOpensslSaysIsTold() {
        assertThat(obstacles(seen -> certificate(seen, true, false, "OK")))
                .hasEntrySatisfying(
                        "/etc/tls/host.key", why -> assertThat(why).startsWith("is not the key of /etc/tls/host.crt"));
        assertThat(obstacles(seen -> certificate(seen, true, true, "certificate has expired")))
                .hasEntrySatisfying(
                        "/etc/tls/host.crt",
                        why -> assertThat(why).contains("names 10.0.0.11: certificate has expired", "it ends Jan"));
        assertThat(obstacles(seen -> certificate(seen, true, true, "")))
                .hasEntrySatisfying("/etc/tls/host.crt", why -> assertThat(why).contains("openssl gave no answer"));
        assertThat(obstacles(seen -> certificate(seen, false, false, "")))
                .as("without openssl nobody knows, and Redis says it at its start")
                .isEmpty();
    }

    @Test
    void ofAHostWithoutTheUserRedisNothingElseIsSaid() {
        ClusterSpec plain = spec(TLS);
        ClusterSpec units = new ClusterSpec(
                plain.name(),
                plain.labels(),
                plain.redis(),
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                ClusterSpec.SYSTEMD,
                plain.watch(),
                plain.security());
        assertThat(TlsPreflight.obstacles(units, units.hosts().getFirst(), file(RIGHT, "key", "locked")))
                .containsOnlyKeys("/etc/tls/host.key")
                .hasEntrySatisfying("/etc/tls/host.key", why -> assertThat(why).contains("no user redis"));
    }

    private static Map<String, String> obstacles(UnaryOperator<TlsSurvey> done) {
        ClusterSpec spec = spec(TLS);
        return TlsPreflight.obstacles(spec, spec.hosts().getFirst(), done.apply(RIGHT));
    }

    private static TlsSurvey file(TlsSurvey seen, String part, String state) {
        Map<String, String> files = new HashMap<>(seen.files());
        files.put(part, state);
        return new TlsSurvey(seen.user(), "", files, seen.mode(), "", true, seen.ends(), 30, true, "");
    }

    private static TlsSurvey mode(TlsSurvey seen, String mode) {
        return new TlsSurvey(seen.user(), "", seen.files(), mode, HASH, true, seen.ends(), 30, true, "OK");
    }

    private static TlsSurvey certificate(TlsSurvey seen, boolean openssl, boolean pair, String verified) {
        return new TlsSurvey(
                seen.user(), "", seen.files(), seen.mode(), HASH, openssl, seen.ends(), 30, pair, verified);
    }

    private static ClusterSpec spec(TlsSpec tls) {
        ClusterSpec plain = Plans.cluster("u", 1, 0).spec();
        return new ClusterSpec(
                plain.name(),
                plain.labels(),
                plain.redis(),
                plain.durability(),
                plain.sentinel(),
                plain.hosts(),
                plain.bootstrapMaster(),
                plain.service(),
                plain.watch(),
                new SecuritySpec(SecuritySpec.Acl.GENERATED, tls));
    }
}
