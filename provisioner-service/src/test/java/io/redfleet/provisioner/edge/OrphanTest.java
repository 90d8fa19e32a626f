package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.apply.Hands;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.apply.StepResult;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a lost connection leaves on a host. */
@Timeout(60)
class OrphanTest {
    @TempDir
    Path directory;

    @Test
    void aScriptThatWaitsEndsWithItsConnection() throws Exception {
        try (LoopbackTrio trio = new LoopbackTrio(directory);
                SshHosts ssh = trio.ssh()) {
            var spec = trio.spec(Map.of());
            Place place = Place.of(spec, spec.members().getFirst().id(), Login.NONE);
            Action forever = new Action.Await(place, Action.Until.READY, "orders", 0, 0, Duration.ofMinutes(10));
            Grant grant = grant(ssh, place);
            CompletableFuture<StepResult> waiting =
                    CompletableFuture.supplyAsync(() -> new Hands(ssh).perform(forever, grant, () -> false));
            List<ProcessHandle> scripts = Await.value("the script", Duration.ofSeconds(10), () -> scripts(trio));
            trio.host(1).dropConnections();
            assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(StepResult.Failed.class);
            Await.until(
                    "the end of the script",
                    Duration.ofSeconds(10),
                    () -> scripts.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private static Grant grant(SshHosts ssh, Place place) {
        Holder holder = new Holder("orders", "u1", "op", "provision", "provisioner-0", Instant.now(), "alice");
        HostLease lease = ssh.ask(
                place.access(), new HostLeases.Request(place.host().directory(), "lease-1", holder, () -> false));
        assertThat(lease.await(Duration.ofSeconds(10))).isInstanceOf(LeaseState.Held.class);
        Grant grant = new Grant("lease-1", new RecordingLedger());
        grant.add(place.host(), lease);
        return grant;
    }

    /** The shell of the session: what the sshd's own processes have started. */
    private static java.util.Optional<List<ProcessHandle>> scripts(LoopbackTrio trio) {
        List<ProcessHandle> shells = ProcessHandle.of(trio.host(1).pid())
                .orElseThrow()
                .descendants()
                .filter(process ->
                        process.info().command().map(c -> c.endsWith("sh")).orElse(false))
                .toList();
        return shells.isEmpty() ? java.util.Optional.empty() : java.util.Optional.of(shells);
    }
}
