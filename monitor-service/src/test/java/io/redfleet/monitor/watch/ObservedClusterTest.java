package io.redfleet.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.roster.Roster;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A cluster that somebody else runs, watched: all of it is told, and nothing is ever asked for. */
class ObservedClusterTest {
    private final Watched watched = new Watched();

    @Test
    void ofOneThatIsManagedARestartIsAskedFor() {
        aReplicaDies(Orders.state());
        assertThat(watched.asks).hasSize(1);
    }

    /** Its record says AUTO, as no spec that was read does. */
    @Test
    void ofOneThatIsObservedItIsToldWhatWouldHaveBeenDone() {
        ClusterState managed = Orders.state();
        assertThat(managed.spec().watch().mode()).isEqualTo(WatchMode.AUTO);
        aReplicaDies(managed.over(managed.spec().with(Manage.OBSERVE)));
        assertThat(watched.asks).isEmpty();
        assertThat(watched.told(Orders.R2))
                .filteredOn(WatchEvent.WouldHave.class::isInstance)
                .isNotEmpty()
                .allSatisfy(event ->
                        assertThat(((WatchEvent.WouldHave) event).because()).isEqualTo("the watch mode is OBSERVE"));
        assertThat(watched.told(Orders.R2))
                .filteredOn(InstanceEvent.Down.class::isInstance)
                .hasSize(1);
    }

    /** Of a record of before, and of one that somebody else's login is named in. */
    @Test
    void itsInstancesAreSpokenToAsItsSpecSays() {
        ClusterState open = Orders.state();
        assertThat(Roster.of(open).guarded()).isFalse();
        SecuritySpec given = new SecuritySpec(SecuritySpec.Acl.OFF, null, new ProbeSpec("watcher", "orders-probe"));
        assertThat(Roster.of(open.over(secured(open.spec(), given))).user()).isEqualTo("watcher");
        SecuritySpec generated = new SecuritySpec(SecuritySpec.Acl.GENERATED);
        assertThat(Roster.of(open.over(secured(open.spec(), generated))).user()).isEqualTo("probe");
    }

    private static ClusterSpec secured(ClusterSpec like, SecuritySpec security) {
        return new ClusterSpec(
                like.name(),
                like.labels(),
                like.redis(),
                like.durability(),
                like.sentinel(),
                like.hosts(),
                like.bootstrapMaster(),
                like.service(),
                like.watch(),
                security);
    }

    private void aReplicaDies(ClusterState cluster) {
        watched.watch = ClusterWatch.fresh(Roster.of(cluster), Orders.at(0));
        watched.well(1_500);
        watched.answer(Orders.R2, new Reply.Refused(), 2_000);
        watched.views(Set.of(Orders.R2), true, 5_000);
        watched.cycle(5_000);
    }
}
