package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.TlsSpec;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the first files of a cluster say whose spec says nothing of it. */
class RedisConfTest {
    private final ClusterSpec spec = spec();

    @Test
    void whatRedisWouldLeaveToItsVersionIsAlwaysWritten() {
        assertThat(file(spec.members().getFirst()))
                .contains(
                        "save 3600 1 300 100 60 10000",
                        "appendonly yes",
                        "appendfsync everysec",
                        "tcp-keepalive 300",
                        "timeout 0");
    }

    @Test
    void everyInstanceListensOnItsHostsAddressAloneAndHasAPidfileOfItsOwn() {
        List<String> pidfiles = new ArrayList<>();
        for (Member member : spec.members()) {
            List<String> lines = file(member);
            assertThat(lines)
                    .filteredOn(line -> line.startsWith("bind "))
                    .containsExactly("bind " + member.endpoint().host());
            assertThat(lines).filteredOn(line -> line.startsWith("pidfile ")).hasSize(1);
            lines.stream().filter(line -> line.startsWith("pidfile ")).forEach(pidfiles::add);
        }
        assertThat(pidfiles).hasSize(spec.members().size()).doesNotHaveDuplicates();
    }

    @Test
    void inTheClearItHasOnePortAndNoWordOfTls() {
        for (Member member : spec.members()) {
            assertThat(file(member))
                    .contains("port " + member.endpoint().port())
                    .noneMatch(line -> line.startsWith("tls-"));
        }
    }

    @Test
    void withTlsEveryInstanceSpeaksItAloneAndToTheOthersToo() {
        for (Member member : secured().members()) {
            assertThat(file(secured(), member))
                    .contains(
                            "port 0",
                            "tls-port " + member.endpoint().port(),
                            "tls-cert-file /etc/tls/host.crt",
                            "tls-key-file /etc/tls/host.key",
                            "tls-ca-cert-file /etc/tls/ca.crt",
                            "tls-auth-clients no",
                            "tls-replication yes")
                    .filteredOn(line -> line.startsWith("port "))
                    .hasSize(1);
        }
    }

    /** What a person typed is no second line, whatever SpecReader let pass. */
    @Test
    void aPathBreaksOutOfNoFile() {
        ClusterSpec hostile = with(new TlsSpec("a CA", "/ca\nloadmodule /x.so", "/c", "/k"));
        for (Member member : List.of(spec.members().getFirst(), spec.members().getLast())) {
            assertThatThrownBy(() -> file(hostile, member)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<String> file(Member member) {
        return file(spec, member);
    }

    private ClusterSpec secured() {
        return with(new TlsSpec("a CA", "/etc/tls/ca.crt", "/etc/tls/host.crt", "/etc/tls/host.key"));
    }

    private ClusterSpec with(TlsSpec tls) {
        return new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts(),
                spec.bootstrapMaster(),
                spec.service(),
                spec.watch(),
                new SecuritySpec(SecuritySpec.Acl.OFF, tls));
    }

    private static List<String> file(ClusterSpec spec, Member member) {
        Place place = Place.of(spec, member.id(), Login.NONE);
        String directory = place.directory("/base/" + member.id().host());
        Endpoint master = spec.members().getFirst().announce();
        SentinelConf.Reader reader = new SentinelConf.Reader("7.0.15", Accounts.NONE);
        String text = place.isRedis()
                ? RedisConf.render(spec, place, directory, Optional.empty(), Accounts.NONE)
                : SentinelConf.render(spec, place, directory, master, reader);
        return text.lines().toList();
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        SpecReader.Reading reading =
                SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts)));
        return ((SpecReader.Good) reading).spec();
    }
}
