package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.edge.ssh.SshHosts;
import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leases on real hosts: two owners, two clusters, a connection that is gone. */
@Timeout(180)
class LeasesTest {
    @TempDir
    Path directory;

    private LoopbackTrio trio;
    private Owner first;
    private Owner second;

    @BeforeEach
    void twoOwners() throws Exception {
        trio = new LoopbackTrio(directory);
        first = new Owner("provisioner-0", trio.ssh("known-0"));
        second = new Owner("provisioner-1", trio.ssh("known-1"));
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
        trio.close();
    }

    @Tag("long")
    @Test
    void twoOwnersAndTwoClustersOnTheSameHostsAtOnceWorkOneAfterTheOther() throws Exception {
        ClusterState orders = trio.cluster(Map.of());
        CompletableFuture<Ending> one = first.begin(orders);
        CompletableFuture<Ending> two = second.begin(orders);
        CompletableFuture<Ending> three = second.begin(trio.another("billing"));
        for (CompletableFuture<Ending> ending : List.of(one, two, three)) {
            assertThat(ending.get(120, TimeUnit.SECONDS).status())
                    .as(ending.join().reason())
                    .isEqualTo(Status.SUCCEEDED);
        }
        assertThat(Owner.together(first, second))
                .as("operations at work on one host at once")
                .isEmpty();
        assertThat(first.changes() + second.changes()).isGreaterThanOrEqualTo(36);
        // Six instances each, none of them started twice.
        assertThat(first.started() + second.started()).isEqualTo(12);
        long waited = java.util.stream.Stream.of(first, second)
                .flatMap(owner -> owner.ledger().all(OperationState.class).stream())
                .filter(state -> state.reason().startsWith("waits for the lease"))
                .map(OperationState::id)
                .distinct()
                .count();
        assertThat(waited).isEqualTo(2);
    }

    /** Each may get some of the hosts first; neither may wait for the other while it has what comes later. */
    @Test
    void twoClustersThatAskForTheSameHostsAtTheSameInstantHaveThemAllOneAfterTheOther() throws Exception {
        ClusterState orders = trio.cluster(Map.of());
        ClusterState billing = trio.another("billing");
        Queue<String> strangers = new ConcurrentLinkedQueue<>();
        for (int round = 0; round < 5; round++) {
            CompletableFuture<Ending> one = first.beginUnderLeases(orders, () -> look("orders", strangers));
            CompletableFuture<Ending> two = second.beginUnderLeases(billing, () -> look("billing", strangers));
            for (CompletableFuture<Ending> ending : List.of(one, two)) {
                assertThat(ending.get(60, TimeUnit.SECONDS).status())
                        .as(ending.join().reason())
                        .isEqualTo(Status.SUCCEEDED);
            }
        }
        assertThat(strangers).isEmpty();
    }

    /** Notes each lock file that names another cluster while this one has all hosts. */
    private void look(String cluster, Queue<String> strangers) {
        for (int number = 1; number <= 3; number++) {
            try {
                String lock = Files.readString(trio.host(number).home().resolve(".lease"));
                if (!lock.contains("cluster=" + cluster + " ")) {
                    strangers.add(number + ": " + lock);
                }
            } catch (IOException e) {
                strangers.add(number + ": " + e);
            }
        }
    }

    @Test
    void theHolderStandsInTheLockFileAndALostConnectionFreesTheHostAtOnce() throws Exception {
        Place place = Place.of(
                trio.spec(Map.of()), trio.spec(Map.of()).members().getFirst().id(), Login.NONE);
        HostLease held = ask(first.ssh(), place, "a", () -> false);
        assertThat(held.await(Duration.ofSeconds(10))).isInstanceOf(LeaseState.Held.class);
        assertThat(Files.readString(trio.host(1).home().resolve(".lease")))
                .startsWith("a\n")
                .contains("cluster=orders uid=u1 operation=op-a kind=provision provisioner=provisioner-9 since=");
        HostLease refused = ask(second.ssh(), place, "b", () -> false);
        Await.until("a refusal", Duration.ofSeconds(10), () -> refused.state() instanceof LeaseState.Busy);
        assertThat(((LeaseState.Busy) refused.state()).why()).contains("cluster orders, operation op-a (provision)");

        trio.host(1).dropConnections();
        Await.until("the loss", Duration.ofSeconds(5), () -> held.state() instanceof LeaseState.Lost);
        HostLease next = ask(second.ssh(), place, "c", () -> false);
        assertThat(next.await(Duration.ofSeconds(10))).isInstanceOf(LeaseState.Held.class);
        next.close();
    }

    @Test
    void aPartitionThatIsLostGivesTheLeaseBackWithinASecond() throws Exception {
        Place place = Place.of(
                trio.spec(Map.of()), trio.spec(Map.of()).members().getFirst().id(), Login.NONE);
        AtomicBoolean lost = new AtomicBoolean();
        HostLease held = ask(first.ssh(), place, "a", lost::get);
        assertThat(held.await(Duration.ofSeconds(10))).isInstanceOf(LeaseState.Held.class);
        Grant grant = new Grant("a", new RecordingLedger());
        grant.add(place.host(), held);
        assertThat(grant.fence(place.host())).isInstanceOf(Fence.Open.class);
        lost.set(true);
        Await.until("the loss", Duration.ofSeconds(1), () -> grant.fence(place.host()) instanceof Fence.Shut);
        HostLease next = ask(second.ssh(), place, "b", () -> false);
        assertThat(next.await(Duration.ofSeconds(5))).isInstanceOf(LeaseState.Held.class);
        next.close();
    }

    private static HostLease ask(SshHosts ssh, Place place, String id, java.util.function.BooleanSupplier given) {
        Holder holder = new Holder("orders", "u1", "op-" + id, "provision", "provisioner-9", Instant.now(), "alice");
        return ssh.ask(place.access(), new HostLeases.Request(place.host().directory(), id, holder, given));
    }
}
