package io.redfleet.monitor.failover;

import static io.redfleet.monitor.Orders.address;
import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.FailoverEvent;
import io.redfleet.contracts.event.FailoverReport;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Reply;
import io.redfleet.monitor.probe.Standing;
import io.redfleet.monitor.roster.Roster;
import io.redfleet.monitor.topology.NodeView;
import io.redfleet.monitor.topology.SentinelView;
import io.redfleet.monitor.topology.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real failovers, replayed: what was published at which millisecond must give one story with those milliseconds. */
class TranscriptTest {
    private static final Roster ROSTER = Orders.roster();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "kill,             1, 1, 3, 2168, 2251, 2329, 3212, 3275, 4360, true",
        "kill-leader-last, 3, 1, 3, 1163, 1240, 1307, 2205, 2258, 3335, true",
        "hang,            10, 3, 1, 2186, 2239, 2316, 3218, 3278, 4353, true",
        "clean-stop,      14, 3, 1, 2456, 2540, 2631, 3495, 3554, 4620, true",
        "manual,           8, 3, 1,    3,   28,   95,  630,  689, 1706, false",
    })
    void aFailoverIsToldOnceStepByStep(
            String name,
            int epoch,
            int oldMaster,
            int newMaster,
            long started,
            long elected,
            long selected,
            long promoted,
            long switched,
            long ended,
            boolean oldDies) {
        Play play = new Play(oldMaster, newMaster, oldDies);

        play.hear(Transcript.of(name), ended);
        FailoverReport report = play.settle(epoch, ended + 100);

        assertThat(play.times).containsExactly(started, elected, selected, promoted, switched, ended + 100);
        assertThat(play.told)
                .extracting(told -> told.event().getClass().getSimpleName())
                .containsExactly("Started", "LeaderElected", "ReplicaSelected", "Promoted", "Switched", "Completed");
        assertThat(play.told).allMatch(told -> told.epoch() == epoch);
        assertThat(report.oldMaster()).isEqualTo(address(oldMaster));
        assertThat(report.newMaster()).isEqualTo(address(newMaster));
        assertThat(report.writeOutageMillis()).isEqualTo(oldDies ? promoted : 0);
        assertThat(report.addressOutageMillis()).isEqualTo(oldDies ? switched : 0);
        assertThat(report.lossBoundBytes()).isEqualTo(250);
        assertThat(report.timeline()).isSortedAccordingTo((a, b) -> Long.compare(a.offsetMillis(), b.offsetMillis()));
    }

    @Test
    void linesThatComeTwiceOrFromTheOthersOnlyChangeNothing() {
        Play once = new Play(1, 3, true);
        once.hear(Transcript.of("kill"), 4_360);
        Play twice = new Play(1, 3, true);
        List<Transcript.Heard> doubled = new ArrayList<>();
        Transcript.of("kill").lines().forEach(line -> {
            doubled.add(line);
            doubled.add(line);
        });
        twice.hear(new Transcript(doubled), 4_360);

        assertThat(twice.told).isEqualTo(once.told);
    }

    @Test
    void aSwitchThatOnlyFollowersPublishIsToldFromThem() {
        Play play = new Play(1, 3, true);
        Transcript followers = new Transcript(Transcript.of("kill").lines().stream()
                .filter(line -> !line.witness().equals(Orders.S1))
                .toList());

        play.hear(followers, 4_360);

        assertThat(play.told)
                .extracting(told -> told.event().getClass().getSimpleName())
                .containsExactly("Started", "Switched");
    }

    @Test
    void aSwitchThatNobodyHeardIsInferredFromTheSentinelsState() {
        Play play = new Play(1, 3, true);
        play.settle(0, 100);

        play.see(2, 5_000);
        play.look(5_000);
        play.see(2, 6_900);
        play.look(6_900);
        assertThat(play.told).isEmpty();
        play.see(2, 7_100);
        play.look(7_100);
        play.see(2, 9_500);
        FailoverReport report = play.settle(2, 9_600);

        assertThat(play.told.getFirst().event()).isEqualTo(new FailoverEvent.Switched(2, address(1), address(3), true));
        assertThat(report.inferred()).isTrue();
        assertThat(report.writeOutageMillis()).isEqualTo(-1);
    }

    @Test
    void anAttemptThatFindsNoReplicaIsAbortedAndTheNextOneIsAnother() {
        Play play = new Play(1, 3, true);
        play.hear("+new-epoch", "5");
        play.hear("+try-failover", "master orders 127.0.0.1 6300");
        play.hear("+elected-leader", "master orders 127.0.0.1 6300");
        play.hear("-failover-abort-no-good-slave", "master orders 127.0.0.1 6300");
        play.hear("+new-epoch", "6");
        play.hear("+try-failover", "master orders 127.0.0.1 6300");

        assertThat(play.told.stream().map(Told::event))
                .containsExactly(
                        new FailoverEvent.Started(5, address(1)),
                        new FailoverEvent.LeaderElected(5, Orders.S1),
                        new FailoverEvent.Aborted(5, "no-good-slave"),
                        new FailoverEvent.Started(6, address(1)));
    }

    @Test
    void anotherMastersLinesAreNotOurs() {
        Play play = new Play(1, 3, true);
        play.hear("+new-epoch", "5");
        play.hear("+try-failover", "master billing 127.0.0.1 7000");
        play.hear("+switch-master", "billing 127.0.0.1 7000 127.0.0.1 7001");

        assertThat(play.told).isEmpty();
    }

    /** The same Sentinels fail over another cluster's master meanwhile, and say only of which epoch. */
    @Test
    void anotherClustersEpochsBeginNoFailoverOfThisOne() {
        Play alone = new Play(1, 3, true);
        alone.hear(Transcript.of("kill-leader-last"), 3_335);
        alone.settle(3, 3_435);
        Play beside = new Play(1, 3, true);
        beside.hear(besideAnother(), 3_335);
        beside.settle(3, 3_435);

        assertThat(beside.told).isEqualTo(alone.told).isNotEmpty();
    }

    @Test
    void aSwitchThatAFollowerPublishesOnceAllIsOverIsToldNoSecondTime() {
        Play play = new Play(1, 3, true);
        play.hear(besideAnother(), 3_335);
        play.settle(3, 3_435);
        int told = play.told.size();
        SentinelLine late = SentinelLine.parse("+switch-master", "orders 127.0.0.1 6300 127.0.0.1 6302");
        play.hear(new Transcript(List.of(new Transcript.Heard(5_000, Orders.S2, late))), 5_000);

        assertThat(play.told).hasSize(told);
    }

    /** Of the leader nothing is heard; the followers spoke of another cluster's epoch last. */
    @Test
    void aSwitchThatTheSentinelsNameAlreadyIsOfTheEpochThatTheyNameItUnder() {
        Play play = new Play(1, 3, true);
        List<Transcript.Heard> followers = new ArrayList<>(besideAnother().lines());
        followers.removeIf(line -> line.witness().equals(Orders.S1));
        play.hear(new Transcript(followers), 2_253);
        assertThat(play.told).isEmpty();
        play.see(3, 2_255);
        followers.removeIf(line -> line.millis() <= 2_255);
        play.hear(new Transcript(followers), 3_335);

        assertThat(play.told.stream().map(Told::event))
                .containsExactly(
                        new FailoverEvent.Started(3, address(1)),
                        new FailoverEvent.Switched(3, address(1), address(3), false));
    }

    /** Nobody has seen any of them come to its end. */
    @Test
    void aSwitchThatDoesTheSameAsOneBeforeTheLastIsAnother() {
        Play play = new Play(1, 3, true);
        String there = "orders 127.0.0.1 6300 127.0.0.1 6302";
        String back = "orders 127.0.0.1 6302 127.0.0.1 6300";
        List<String> switches = List.of(there, back, there);
        for (int epoch = 1; epoch <= switches.size(); epoch++) {
            play.hear("+new-epoch", "" + epoch);
            play.hear("+switch-master", switches.get(epoch - 1));
        }

        assertThat(play.told.stream().map(Told::event).filter(FailoverEvent.Switched.class::isInstance))
                .containsExactly(
                        new FailoverEvent.Switched(1, address(1), address(3), false),
                        new FailoverEvent.Switched(2, address(3), address(1), false),
                        new FailoverEvent.Switched(3, address(1), address(3), false));
    }

    /** A transcript with two lines of each follower that are another cluster's, after this one's leader has chosen. */
    private static Transcript besideAnother() {
        List<Transcript.Heard> lines =
                new ArrayList<>(Transcript.of("kill-leader-last").lines());
        int at = (int) lines.stream().filter(line -> line.millis() <= 1_400).count();
        for (InstanceId follower : List.of(Orders.S2, Orders.S3)) {
            lines.add(at++, new Transcript.Heard(1_400, follower, SentinelLine.parse("+new-epoch", "4")));
            lines.add(at++, new Transcript.Heard(1_400, follower, SentinelLine.parse("+vote-for-leader", "x 4")));
        }
        return new Transcript(lines);
    }

    /** A chronicle with a scene around it. */
    private static final class Play {
        final List<Told> told = new ArrayList<>();
        final List<Long> times = new ArrayList<>();
        private final int oldMaster;
        private final int newMaster;
        private final Map<InstanceId, NodeView> nodes = new LinkedHashMap<>();
        private final Map<InstanceId, SentinelView> views = new HashMap<>();
        private Chronicle chronicle;

        Play(int oldMaster, int newMaster, boolean oldDies) {
            this.oldMaster = oldMaster;
            this.newMaster = newMaster;
            this.chronicle = Chronicle.empty().settled(0, address(oldMaster));
            ROSTER.members().values().forEach(member -> nodes.put(member.id(), NodeView.unknown(member, at(0))));
            for (int number = 1; number <= 3; number++) {
                stand(number, number == oldMaster ? Standing.master(10_250, 2) : replicaOf(oldMaster), at(0));
            }
            if (oldDies) {
                NodeView old = node(oldMaster);
                nodes.put(old.id(), old.with(old.pulse().after(new Reply.Refused(), at(1))));
            }
        }

        void hear(Transcript transcript, long until) {
            transcript.lines().stream().filter(line -> line.millis() <= until).forEach(this::hear);
        }

        void hear(String name, String payload) {
            hear(new Transcript.Heard(10, Orders.S1, SentinelLine.parse(name, payload)));
        }

        private void hear(Transcript.Heard heard) {
            take(Listener.hear(chronicle, heard.witness(), heard.line(), scene(heard.millis())), heard.millis());
        }

        /** Everyone names and follows the new master. */
        void see(int epoch, long millis) {
            for (int number = 1; number <= 3; number++) {
                views.put(
                        Orders.SENTINELS.get(number - 1),
                        Orders.view(number, epoch == 0 ? oldMaster : newMaster, epoch, at(millis)));
                boolean isMaster = number == (epoch == 0 ? oldMaster : newMaster);
                stand(
                        number,
                        isMaster ? Standing.master(10_300, 2) : replicaOf(epoch == 0 ? oldMaster : newMaster),
                        at(millis));
            }
        }

        void look(long millis) {
            take(Settlement.look(chronicle, scene(millis)), millis);
        }

        FailoverReport settle(int epoch, long millis) {
            see(epoch, millis);
            look(millis);
            return told.stream()
                    .map(Told::event)
                    .filter(FailoverEvent.Completed.class::isInstance)
                    .map(event -> ((FailoverEvent.Completed) event).report())
                    .findFirst()
                    .orElse(new FailoverReport(
                            "", 0, address(1), address(1), false, at(0).wall(), at(0).wall(), 0, 0, 0, List.of()));
        }

        private void take(Heard heard, long millis) {
            chronicle = heard.chronicle();
            told.addAll(heard.told());
            heard.told().forEach(step -> times.add(millis));
        }

        private void stand(int number, Standing standing, Moment moment) {
            NodeView node = node(number);
            boolean up = node.pulse().heard() == null || node.up();
            NodeView heard = up ? node.with(node.pulse().after(new Reply.Pong(), moment)) : node;
            nodes.put(node.id(), up ? heard.with(standing, moment) : heard);
        }

        private NodeView node(int number) {
            return Objects.requireNonNull(nodes.get(Orders.NODES.get(number - 1)));
        }

        private static Standing replicaOf(int master) {
            return Standing.replica(address(master), "connected", 10_000);
        }

        private Snapshot scene(long millis) {
            return new Snapshot(ROSTER, nodes, views, at(millis));
        }
    }
}
