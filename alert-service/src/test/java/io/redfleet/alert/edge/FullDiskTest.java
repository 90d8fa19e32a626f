package io.redfleet.alert.edge;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.alert.Story;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.codec.EventRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.event.Fact;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SmallDisk;
import io.redfleet.testkit.TestBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database of the service on a real disk that is full. */
@Tag("long")
@Timeout(300)
class FullDiskTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String R1 = "r1/redis-server";
    /** Enough of them that what is kept about them does not fit in the pages that the database already has. */
    private static final int CLUSTERS = 150;

    @Test
    void offsetsAndEffectsStayTogetherAndItGoesOnOnceThereIsRoom(@TempDir Path directory) throws Exception {
        assumeTrue(SmallDisk.possible(), "mounting a small disk needs root");
        // A new database is told everything that a broker holds: this one holds nothing of other tests.
        try (SmallDisk disk = SmallDisk.mounted(directory, 160 * 1_024, "0777");
                TestBroker broker = TestBroker.start();
                TestPostgres postgres = TestPostgres.ownOn(disk.path().resolve("data"));
                Pager pager = Pager.failing(0, 0);
                Rig rig = new Rig(
                                broker,
                                postgres.database(),
                                Map.of(
                                        new ReceiverName("pager"),
                                        new Webhook(
                                                new Webhook.Target(pager.url(), null, Duration.ofSeconds(5)),
                                                new Addresses(true))))
                        .started()) {
            List<Story> stories = new ArrayList<>();
            List<Fact> facts = new ArrayList<>();
            disk.fill();
            for (int i = 0; i < CLUSTERS; i++) {
                Story story = new Story(Rig.cluster("full"), "1")
                        .startingAt(Instant.now().minusSeconds(30));
                stories.add(story);
                facts.addAll(List.of(story.down(R1, MASTER), story.failoverStarted(), story.switched()));
            }
            facts.forEach(rig::send);
            Await.until(
                    "that it says so",
                    LONG,
                    () -> rig.engine().troubles().stream().anyMatch(trouble -> trouble.contains("database")));
            String trouble = String.join("; ", rig.engine().troubles());

            disk.makeRoom();
            if (!answers(rig)) {
                postgres.stop();
                postgres.start();
            }
            stories.forEach(story -> rig.send(story.completed(), story.up(R1)));
            Await.until(
                    "that it is well again", LONG, () -> rig.engine().troubles().isEmpty());
            Await.until(
                    "every incident is resolved",
                    LONG,
                    () -> rig.column("select state from incident").stream()
                                    .filter("RESOLVED"::equals)
                                    .count()
                            == CLUSTERS);
            Await.until(
                    "an empty outbox",
                    LONG,
                    () -> rig.column("select seq::text from outbox").isEmpty());
            judge(rig, stories, facts, trouble);
        }
    }

    private static boolean answers(Rig rig) {
        try {
            return !rig.column("select 1::text").isEmpty();
        } catch (IllegalStateException away) {
            return false;
        }
    }

    private static void judge(Rig rig, List<Story> stories, List<Fact> facts, String trouble) {
        List<String> kept = rig.column("select event_id from audit");
        Set<String> opened = new HashSet<>();
        int records = 0;
        for (Story story : stories) {
            for (EventRecord event : rig.heard(Topic.EVENTS, story.cluster().value()).stream()
                    .map(Rig::event)
                    .toList()) {
                if (event.source().equals("/redfleet/alert") && event.id().endsWith(":opened")) {
                    opened.add(event.id());
                    records++;
                }
            }
        }
        System.out.printf(
                "full disk of PostgreSQL (%s): events in %d, kept %d, incidents %d, told as opened %d in %d records;"
                        + " 0 lost%n",
                trouble,
                facts.size() + 2 * CLUSTERS,
                kept.size(),
                rig.column("select id from incident").size(),
                opened.size(),
                records);
        assertThat(kept)
                .doesNotHaveDuplicates()
                .containsAll(facts.stream().map(fact -> fact.id()).toList());
        assertThat(rig.column("select id from incident")).hasSize(CLUSTERS);
        assertThat(opened).hasSize(CLUSTERS);
    }
}
