package io.redfleet.provisioner.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvidenceTextTest {
    private static final InstanceId SERVER = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");

    private final HostSpec host = new World().spec().hosts().getFirst();

    @Test
    void aTextWithoutItsEndIsNone() {
        assertThat(EvidenceText.read(host, "i.redis-server.pid=7\n")).isEmpty();
        assertThat(EvidenceText.read(host, "")).isEmpty();
        assertThat(EvidenceText.read(host, "i.redis-server.logged=save 1 verify.end=yes\n"))
                .as("a line of a log is no end")
                .isEmpty();
    }

    @Test
    void anInstanceOfWhichNothingWasSaidIsThereWithNothing() {
        assertThat(EvidenceText.read(host, "verify.end=yes\n").orElseThrow())
                .containsOnly(Map.entry(SERVER, Evidence.NONE), Map.entry(SENTINEL, Evidence.NONE));
    }

    @Test
    void whatWasHeardAndWasEmptyIsNotWhatWasNotHeard() {
        Evidence seen = EvidenceText.read(host, "i.redis-sentinel.heard=replica\nverify.end=yes\n")
                .orElseThrow()
                .getOrDefault(SENTINEL, Evidence.NONE);
        assertThat(seen.knows()).containsOnly(Map.entry("replica", Set.of()));
    }

    @Test
    void linesThatAreNoneOfItsOwnAreLeftOut() {
        Map<InstanceId, Evidence> found = EvidenceText.read(host, """
                        i.redis-server.mode=only
                        i.redis-server.logged=save many x
                        i.redis-server.acl=lonely
                        i.redis-server.pid=abc
                        i.redis-server.future=1
                        i.billing.pid=9
                        what is this
                        verify.end=yes
                        """).orElseThrow();
        assertThat(found).hasSize(2).containsEntry(SERVER, Evidence.NONE);
    }
}
