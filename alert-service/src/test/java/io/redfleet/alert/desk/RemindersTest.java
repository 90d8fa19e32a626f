package io.redfleet.alert.desk;

import static io.redfleet.contracts.health.ReplicationRole.MASTER;
import static io.redfleet.contracts.health.ReplicationRole.REPLICA;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.Story;
import io.redfleet.alert.delivery.Answer;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.alert.route.Repeat;
import io.redfleet.alert.route.Route;
import io.redfleet.alert.route.Routes;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.event.AlertEvent;
import io.redfleet.contracts.event.WatchEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemindersTest {
    private static final String R1 = "r1/redis-server";
    private static final String R2 = "r2/redis-server";
    private static final ReceiverName PAGER = new ReceiverName("pager");
    private static final ReceiverName CHAT = new ReceiverName("chat");
    private static final ReceiverName DIARY = new ReceiverName("diary");

    private final Story orders = Story.of("orders");
    private final World world = new World(new Routes(List.of(
            new Route(PAGER, Severity.CRITICAL, new Repeat.Every(Duration.ofMinutes(30))),
            new Route(CHAT, Severity.WARNING, new Repeat.Every(Duration.ofHours(2))),
            new Route(DIARY, Severity.WARNING, new Repeat.Never()))));

    @BeforeEach
    void aMinuteHasPassed() {
        world.pass(Duration.ofMinutes(1));
    }

    @Test
    void whatLastsIsToldAgainAsEachReceiverWantsIt() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(125, PAGER, CHAT, DIARY);
        assertThat(world.told(PAGER))
                .containsExactly(
                        "first at 1", "reminder 1 at 32", "reminder 2 at 62", "reminder 3 at 92", "reminder 4 at 122");
        assertThat(world.told(CHAT)).containsExactly("first at 1", "reminder 1 at 122");
        assertThat(world.told(DIARY)).containsExactly("first at 1");
        assertThat(world.kept().rows())
                .extracting(row -> row.notice().key() + row.receiver())
                .doesNotHaveDuplicates();
        assertThat(world.said("notification.sent"))
                .contains(
                        new AlertEvent.Sent(only().id(), "pager", 1, null),
                        new AlertEvent.Sent(only().id(), "pager", 1, 4),
                        new AlertEvent.Sent(only().id(), "chat", 1, 1));
    }

    @Test
    void noTwoReceiversAreRemindedUnderOneKey() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(600, PAGER, CHAT, DIARY);
        assertThat(world.kept().rows().stream()
                        .filter(row -> row.notice().reminder() > 0)
                        .map(row -> row.notice().key()))
                .hasSizeGreaterThan(20)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoeverAcknowledgesItEndsThat() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(40, PAGER);
        world.acknowledge(only());
        world.minutes(600, PAGER);
        assertThat(world.told(PAGER)).containsExactly("first at 1", "reminder 1 at 32");
    }

    @Test
    void itsEndEndsThatAndTheNextOneBeginsAnew() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(40, PAGER);
        world.hear(orders.startingAt(world.now().minusSeconds(1)).up(R1));
        world.minutes(600, PAGER);
        assertThat(world.told(PAGER)).containsExactly("first at 1", "reminder 1 at 32", "resolved at 41");
        world.hear(orders.startingAt(world.now().minusSeconds(1)).down(R1, MASTER));
        world.minutes(40, PAGER);
        assertThat(world.told(PAGER)).endsWith("resolved at 41", "first at 641", "reminder 1 at 672");
    }

    @Test
    void anOutageOfManyPeriodsIsFollowedByOneReminder() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(5, PAGER);
        world.pass(Duration.ofHours(10));
        world.minutes(45, PAGER);
        assertThat(world.told(PAGER)).containsExactly("first at 1", "reminder 1 at 607", "reminder 2 at 637");
    }

    @Test
    void whatChangedBeginsThePeriodAnew() {
        world.hear(orders.down(R1, MASTER));
        world.minutes(20, PAGER, CHAT);
        world.hear(orders.startingAt(world.now().minusSeconds(1)).failoverStarted());
        world.hear(orders.startingAt(world.now().minusSeconds(1)).completed());
        world.minutes(150, PAGER, CHAT);
        assertThat(world.told(CHAT)).containsExactly("first at 1", "updated at 21", "reminder 1 at 142");
        assertThat(world.told(PAGER)).as("too quiet for it by now").containsExactly("first at 1", "updated at 21");
    }

    @Test
    void aReceiverThatTakesNothingIsToldOnceThatItIsNotReminded() {
        world.hear(orders.down(R1, MASTER));
        for (int hour = 0; hour < 5; hour++) {
            world.minutes(60, CHAT);
            world.deliver(PAGER, Answer.Again.because("HTTP 503"));
        }
        assertThat(world.told(PAGER)).containsExactly("first at 1");
        assertThat(world.said("notification.withheld"))
                .containsExactly(
                        new AlertEvent.Withheld(only().id(), "it has not taken the notice before yet", "pager", 1));
        world.deliver(PAGER, new Answer.Taken());
        world.minutes(29, PAGER, CHAT);
        assertThat(world.told(PAGER)).containsExactly("first at 1");
        world.minutes(1, PAGER, CHAT);
        assertThat(world.told(PAGER)).containsExactly("first at 1", "reminder 1 at 331");
    }

    @Test
    void whatWasGivenUpIsRemindedOf() {
        world.hear(orders.down(R1, MASTER));
        world.deliver(PAGER, new Answer.Never("HTTP 404"));
        world.minutes(30, CHAT);
        assertThat(world.told(PAGER)).containsExactly("first at 1", "reminder 1 at 31");
        world.deliver(PAGER, new Answer.Never("HTTP 404"));
        assertThat(world.said("notification.failed"))
                .containsExactly(
                        new AlertEvent.NotificationFailed(only().id(), "pager", "HTTP 404", true, null),
                        new AlertEvent.NotificationFailed(only().id(), "pager", "HTTP 404", true, 1));
        assertThat(world.said("notification.withheld")).isEmpty();
    }

    @Test
    void aReminderThatWasNotTakenWhenItWasAcknowledgedIsWithheld() {
        world.hear(orders.down(R1, MASTER));
        world.deliver(PAGER, new Answer.Taken());
        world.minutes(31, CHAT);
        world.deliver(PAGER, Answer.Again.because("HTTP 503"));
        world.acknowledge(only());
        world.deliver(PAGER, new Answer.Taken());
        world.minutes(60, PAGER);
        assertThat(world.said("notification.sent"))
                .filteredOn(event ->
                        event instanceof AlertEvent.Sent sent && sent.receiver().equals("pager"))
                .containsExactly(new AlertEvent.Sent(only().id(), "pager", 1, null));
        assertThat(world.said("notification.withheld"))
                .containsExactly(
                        new AlertEvent.Withheld(only().id(), "acknowledged or over before it was told", "pager", 1));
    }

    @Test
    void whatARebuildFindsOpenIsNotRemindedOf() {
        world.hear(orders.down(R1, MASTER), true);
        world.hear(orders.startingAt(world.now().minusSeconds(1)).failoverStarted());
        world.minutes(600, PAGER, CHAT, DIARY);
        assertThat(world.kept().rows()).isEmpty();
        assertThat(world.kept().all()).hasSize(1);
    }

    /** The monitor tells it every quarter of an hour. */
    @Test
    void aRestartLimitThatIsToldAgainAndAgainIsRemindedOfByItsPeriodAlone() {
        for (int quarter = 0; quarter < 8; quarter++) {
            world.hear(orders.startingAt(world.now().minusSeconds(1)).tell(R2, new WatchEvent.LimitReached(5, 5)));
            world.minutes(15, PAGER, DIARY);
        }
        assertThat(only().events()).hasSize(8);
        assertThat(world.told(PAGER))
                .containsExactly("first at 1", "reminder 1 at 32", "reminder 2 at 62", "reminder 3 at 92");
        assertThat(world.told(DIARY)).containsExactly("first at 1");
    }

    @Test
    void whatMendedItselfBesideAnotherIncidentDoesNotEndThatOnesReminders() {
        world.hear(orders.down(R2, REPLICA));
        world.hear(orders.startingAt(world.now().minusSeconds(1)).tell("r3/redis-server", limit()));
        world.minutes(10, CHAT);
        world.hear(orders.startingAt(world.now().minusSeconds(1)).up(R2));
        world.minutes(120, CHAT);
        assertThat(world.told(CHAT)).containsExactly("first at 1", "first at 1", "resolved at 11", "reminder 1 at 122");
    }

    private static WatchEvent limit() {
        return new WatchEvent.LimitReached(5, 5);
    }

    private Incident only() {
        assertThat(world.kept().all()).hasSize(1);
        return world.kept().all().getFirst().incident();
    }
}
