package io.redfleet.provisioner.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Manage;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.provisioner.apply.RecordingLedger;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.HostFeed;
import io.redfleet.provisioner.survey.LearntKey;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** One host, ticked ten times a second by a clock of its own. */
class HostWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final RecordingLedger ledger = new RecordingLedger();
    private int attempts;

    @Test
    void aTransportThatThrowsIsAHostThatIsUnreachableToldOnceAndTriedAgain() {
        watch(listener -> {
            throw new IllegalArgumentException("Input byte array has wrong 4-byte ending unit");
        });
        assertThat(ledger.events(HostEvent.Unreachable.class)).hasSize(1);
        assertThat(attempts).isBetween(3, 6);
    }

    @Test
    void anotherHostKeyIsToldOnceHoweverOftenItIsOffered() {
        watch(listener -> listener.ended(new Reply.Failed(Trouble.HOST_KEY_CHANGED, "host key changed")));
        assertThat(attempts).isGreaterThan(1);
        assertThat(ledger.events(HostEvent.KeyChanged.class)).hasSize(1);
        assertThat(ledger.events(HostEvent.Unreachable.class)).hasSize(1);
    }

    @Test
    void aKeyThatWasLearntIsToldOnceForEachClusterAndNotBefore() {
        List<LearntKey> learnt = new ArrayList<>();
        HostFeed feed = new HostFeed() {
            @Override
            public Subscription follow(HostAccess access, Script script, Listener listener) {
                return () -> {};
            }

            @Override
            public List<LearntKey> learnt(HostAccess access) {
                return List.copyOf(learnt);
            }
        };
        ClusterState orders =
                new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec("", "process", ""));
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(orders);
        watch.tick(NOW);
        assertThat(ledger.events(HostEvent.KeyLearnt.class)).isEmpty();

        learnt.add(new LearntKey("10.0.0.9:22", "ssh-ed25519", "SHA256:aaaa", NOW));
        watch.tick(NOW.plusMillis(100));
        watch.tick(NOW.plusMillis(200));
        HostEvent.KeyLearnt jump = new HostEvent.KeyLearnt("r1", "10.0.0.9:22", "ssh-ed25519", "SHA256:aaaa");
        assertThat(ledger.events(HostEvent.KeyLearnt.class)).containsOnlyOnce(jump);

        learnt.add(new LearntKey("10.0.0.11:22", "ssh-rsa", "SHA256:bbbb", NOW));
        watch.tick(NOW.plusMillis(300));
        HostEvent.KeyLearnt own = new HostEvent.KeyLearnt("r1", "10.0.0.11:22", "ssh-rsa", "SHA256:bbbb");
        assertThat(ledger.events(HostEvent.KeyLearnt.class))
                .containsOnlyOnce(jump)
                .containsOnlyOnce(own);
        int told = ledger.events(HostEvent.KeyLearnt.class).size();
        watch.leave(orders.name());
        learnt.add(new LearntKey("10.0.0.12:22", "ssh-rsa", "SHA256:cccc", NOW));
        watch.tick(NOW.plusMillis(400));
        assertThat(ledger.events(HostEvent.KeyLearnt.class))
                .as("nobody follows it")
                .hasSize(told);
    }

    @Test
    void aJumpHostThatGivesNoAnswerIsWrittenOfAndNotTheHostBehindIt() {
        ClusterState behind = new ClusterState(
                1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec("", "process", "ops@10.0.0.9:22"));
        Trouble[] why = {Trouble.JUMP_HOST};
        HostFeed feed = (access, script, listener) -> {
            listener.ended(new Reply.Failed(why[0], access + ": " + why[0]));
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(behind);
        for (int tick = 0; tick < 50; tick++) {
            watch.tick(NOW.plusMillis(100L * tick));
        }
        assertThat(ledger.last(HostFacts.class).jump()).isEqualTo("ops@10.0.0.9:22");
        assertThat(ledger.last(HostFacts.class).reason()).contains("via ops@10.0.0.9:22");

        why[0] = Trouble.UNREACHABLE;
        for (int tick = 50; tick < 200; tick++) {
            watch.tick(NOW.plusMillis(100L * tick));
        }
        assertThat(ledger.last(HostFacts.class).jump()).as("the host itself").isEmpty();
        assertThat(ledger.events(HostEvent.Unreachable.class)).hasSize(1);
        assertThat(ledger.events(HostEvent.KeyChanged.class)).isEmpty();
    }

    @Test
    void aHostThatShowsAnotherBootIdAtEachLookIsToldFiveTimesAndWrittenAsRarelyAsAnyOther() {
        showing(look -> "boot-" + look);
        List<Fact> told = ledger.all(Fact.class).stream()
                .filter(fact -> fact.event() instanceof HostEvent.Rebooted)
                .toList();
        assertThat(told).hasSize(5);
        assertThat(told.subList(0, 4))
                .allSatisfy(fact -> assertThat(fact.about().reason()).isEqualTo("host r1 was rebooted"));
        assertThat(told.getLast().about().reason())
                .contains("more than 4 times within an hour", "no more of its boots are told");
        // The first, the five that were told, and then one in thirty seconds.
        assertThat(ledger.all(HostFacts.class)).hasSizeLessThan(12);
    }

    @Test
    void twoMachinesBehindOneAddressBootOnce() {
        showing(look -> "boot-" + look % 2);
        assertThat(ledger.events(HostEvent.Rebooted.class))
                .hasSize(2)
                .startsWith(new HostEvent.Rebooted("r1", "boot-1", "boot-0"));
        assertThat(ledger.last(Fact.class).about().reason()).contains("no more of its boots are told");
        assertThat(ledger.all(Fact.class)).extracting(fact -> fact.id()).doesNotHaveDuplicates();
    }

    /** A hundred seconds, a look in each. */
    private void showing(IntFunction<String> boot) {
        List<HostFeed.Listener> listeners = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> {
            listeners.add(listener);
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec()));
        for (int look = 0; look < 100; look++) {
            Instant now = NOW.plusSeconds(look);
            String line = line(now, boot.apply(look));
            listeners.forEach(listener -> listener.line(line));
            watch.tick(now);
        }
    }

    @Test
    void aHostWithAnotherBootIdWasRebooted() {
        List<HostFeed.Listener> listeners = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> {
            listeners.add(listener);
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec()));
        for (int tick = 0; tick < 100; tick++) {
            Instant now = NOW.plusMillis(100L * tick);
            String boot = tick < 50 ? "boot-1" : "boot-2";
            listeners.forEach(listener -> listener.line(line(now, boot)));
            watch.tick(now);
        }
        assertThat(ledger.events(HostEvent.Rebooted.class))
                .containsExactly(new HostEvent.Rebooted("r1", "boot-1", "boot-2"));
    }

    @Test
    void whomTheDirectoriesBelongToIsWhoLooksIntoThem() {
        assertThat(askedAs("process")).isEqualTo(RunAs.LOGIN);
        assertThat(askedAs("systemd")).isEqualTo(RunAs.REDIS);
        assertThat(askedAs("sysv")).isEqualTo(RunAs.REDIS);
    }

    @Test
    void aHostThatHasLeftIsFollowedNoMoreAndItsRecordEnds() {
        List<String> ended = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> () -> ended.add(access.host());
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        ClusterState one = new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec());
        HostSpec first = one.spec().hosts().getFirst();
        HostSpec second =
                new HostSpec(new HostName("r2"), "10.0.0.12", "", first.ssh(), first.directory(), first.instances());
        watch.follow(one.over(one.spec().joined(List.of(second))));
        watch.tick(NOW);
        assertThat(ended).isEmpty();

        watch.follow(one);
        watch.tick(NOW.plusSeconds(1));

        assertThat(ended).containsExactly("r2");
        assertThat(ledger.all(HostName.class)).containsExactly(new HostName("r2"));
    }

    @Test
    void noHostOfAClusterThatIsOnlyObservedIsLoggedInTo() {
        List<String> asked = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> {
            asked.add(access.host());
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        ClusterState managed = new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec());
        watch.follow(managed.over(managed.spec().with(Manage.OBSERVE)));
        for (int tick = 0; tick < 100; tick++) {
            watch.tick(NOW.plusMillis(100L * tick));
        }
        assertThat(asked).isEmpty();
        assertThat(ledger.all(HostFacts.class)).isEmpty();

        watch.follow(managed);
        watch.tick(NOW.plusSeconds(11));
        assertThat(asked).as("as any other would be").isNotEmpty();
    }

    private RunAs askedAs(String service) {
        List<RunAs> asked = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> {
            asked.add(script.by());
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec("", service)));
        watch.tick(NOW);
        return asked.getFirst();
    }

    private static String line(Instant now, String boot) {
        return now.toEpochMilli() + " " + boot + " 0 0 0 1 1 0 0 1 0 1 1 1 2 "
                + "0 0 0 1 1|redis-server 1 1 1 1 no 1 0 0 0|redis-sentinel 2 1 1 1 no 1 0 0 0";
    }

    @Test
    void aFeedThatEndsBeforeItsFirstLineIsTriedAgainLaterAndLater() {
        watch(listener -> listener.ended(new Reply.Failed(Trouble.DROPPED, "channel is not opened.")));
        assertThat(attempts).isBetween(3, 6);
    }

    @Test
    void aFeedThatEndsAfterALineIsTriedAgainAtOnce() {
        watch(listener -> {
            listener.line("not a line of facts");
            listener.ended(new Reply.Failed(Trouble.DROPPED, "the connection was lost"));
        });
        assertThat(attempts).isGreaterThan(50);
        assertThat(ledger.events(HostEvent.Unreachable.class)).isEmpty();
    }

    @Test
    void factsAreWrittenOnceACycleWhereRulesAreAboutFigures() {
        long usual = recorded("");
        long judged = recorded("check system machine if cpu > 90% then alert");

        assertThat(usual).as("every thirty seconds").isEqualTo(2);
        assertThat(judged).as("in each cycle of five seconds").isBetween(8L, 13L);
    }

    /** How many facts are written of a host that says the same for 40 s. */
    private static long recorded(String rules) {
        RecordingLedger ledger = new RecordingLedger();
        List<HostFeed.Listener> listeners = new ArrayList<>();
        HostFeed feed = (access, script, listener) -> {
            listeners.add(listener);
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec("")));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 2, Phase.READY, "", NOW, spec(rules)));
        for (int tick = 0; tick < 400; tick++) {
            Instant now = NOW.plusMillis(100L * tick);
            if (tick % 10 == 0) {
                listeners.forEach(listener -> listener.line(line(now, "boot")));
            }
            watch.tick(now);
        }
        return ledger.all(HostFacts.class).size();
    }

    private interface Attempt {
        void on(HostFeed.Listener listener);
    }

    /** Ten seconds. */
    private void watch(Attempt attempt) {
        HostFeed feed = (access, script, listener) -> {
            attempts++;
            attempt.on(listener);
            return () -> {};
        };
        HostWatch watch = new HostWatch(
                ledger, new HostWatch.Terms(feed, Runnable::run, Duration.ofSeconds(1), Duration.ofSeconds(30)));
        watch.follow(new ClusterState(1, new ClusterUid("u"), 1, Phase.READY, "", NOW, spec()));
        for (int tick = 0; tick < 100; tick++) {
            watch.tick(NOW.plusMillis(100L * tick));
        }
    }

    private static ClusterSpec spec() {
        return spec("");
    }

    private static ClusterSpec spec(String rules) {
        return spec(rules, "process");
    }

    private static ClusterSpec spec(String rules, String service) {
        return spec(rules, service, "");
    }

    private static ClusterSpec spec(String rules, String service, String via) {
        List<Map<String, Object>> hosts = List.of(Map.of(
                "name",
                "r1",
                "address",
                "10.0.0.11",
                "roles",
                List.of("redis", "sentinel"),
                "ssh",
                Map.of("via", via)));
        Map<String, Object> spec = Map.of(
                "hosts",
                hosts,
                "service",
                service,
                "sentinel",
                Map.of("allowWeakQuorum", true),
                "watch",
                Map.of("rules", rules));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        assertThat(reading).isInstanceOf(SpecReader.Good.class);
        return ((SpecReader.Good) reading).spec();
    }
}
