package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.TestBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL is away for a whole minute in which one outage after another is told. */
@Tag("long")
@Timeout(300)
class DatabaseAwayTest {
    private static final Duration AWAY = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final String R1 = "r1/redis-server";

    private final List<Fact> told = new ArrayList<>();
    private int outages;
    private int mended;

    @Test
    void aMinuteWithoutItDelaysEveryNoticeAndLosesNone() throws Exception {
        // A new database is told everything that a broker holds: this one holds nothing of other tests.
        try (TestBroker broker = TestBroker.start();
                TestPostgres postgres = TestPostgres.own();
                Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(broker, postgres.database(), Map.of(new ReceiverName("pager"), webhook(pager)))
                        .started()) {
            outage(rig, false);
            Await.until("the first notice", SOON, () -> pager.effects().size() == 1);

            postgres.stop();
            long end = System.nanoTime() + AWAY.toNanos();
            while (System.nanoTime() < end) {
                outage(rig, outages % 3 == 0);
                Await.moment(Duration.ofSeconds(1));
            }
            assertThat(rig.engine().troubles())
                    .as("it has said so")
                    .anyMatch(trouble -> trouble.startsWith("reader: the database is away"));
            assertThat(pager.effects()).hasSize(1);
            postgres.start();

            int open = outages - mended;
            Await.until("that it is well", SOON, () -> rig.engine().troubles().isEmpty());
            Await.until("every outage that lasts", SOON, () -> count(rig, "incident where state = 'OPEN'") == open);
            Await.until("every other is over", SOON, () -> count(rig, "incident where state = 'RESOLVED'") == mended);
            Await.until("its notices", SOON, () -> firsts(pager) >= open && count(rig, "outbox") == 0);
            judge(rig, pager, open);
        }
    }

    private void judge(Rig rig, Pager pager, int open) {
        Map<String, Long> attempts =
                pager.requests().stream().collect(Collectors.groupingBy(Pager.Request::key, Collectors.counting()));
        List<String> kept = rig.column("select event_id from audit where source not like '%alert%'");
        System.out.printf(
                "PostgreSQL away for %d s: events in %d, kept %d; outages %d, of them mended meanwhile %d; notices %d in"
                        + " %d requests; lost 0%n",
                AWAY.toSeconds(),
                told.size(),
                kept.size(),
                outages,
                mended,
                attempts.size(),
                pager.requests().size());
        assertThat(kept)
                .doesNotHaveDuplicates()
                .containsAll(told.stream().map(fact -> fact.id()).toList());
        assertThat(firsts(pager)).as("notices of what lasts").isEqualTo(open);
        assertThat(pager.effects()).as("what mended itself wakes nobody").hasSize(open);
        assertThat(pager.requests().size() - attempts.size())
                .as("the request under way when it went away, whose answer nobody could write down")
                .isLessThanOrEqualTo(1);
    }

    private static long firsts(Pager pager) {
        return pager.kinds().stream().filter("first"::equals).count();
    }

    private static int count(Rig rig, String what) {
        return Integer.parseInt(rig.column("select count(*)::text from " + what).getFirst());
    }

    /** A master that died a while ago, so that nothing is held back any more. */
    private void outage(Rig rig, boolean mends) {
        Story story =
                new Story(Rig.cluster("minute"), "1").startingAt(Instant.now().minusSeconds(30));
        List<Fact> facts = new ArrayList<>(List.of(story.down(R1, MASTER)));
        if (mends) {
            facts.add(story.up(R1));
            mended++;
        }
        outages++;
        facts.forEach(rig::send);
        told.addAll(facts);
    }

    private static Webhook webhook(Pager pager) {
        return new Webhook(new Webhook.Target(pager.url(), null, Duration.ofSeconds(5)), new Addresses(true));
    }
}
