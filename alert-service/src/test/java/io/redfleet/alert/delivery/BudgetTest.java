package io.redfleet.alert.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.alert.route.ReceiverName;
import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final Instant QUEUED = Instant.parse("2026-11-22T10:00:00Z");

    private final Budget budget = new Budget(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1));

    @Test
    void pausesDoubleAndAreShortenedByAFifthAtMost() {
        for (int made = 0; made < 6; made++) {
            Duration full = Duration.ofSeconds(1L << made);
            Duration pause = pauseAfter(made, Answer.Again.because("HTTP 500"));
            assertThat(pause).isBetween(full.multipliedBy(4).dividedBy(5), full);
        }
    }

    @Test
    void noPauseIsLongerThanTheLongest() {
        assertThat(pauseAfter(40, Answer.Again.because("HTTP 500"))).isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aReceiverThatAsksForTimeGetsIt() {
        assertThat(pauseAfter(0, new Answer.Again("HTTP 429", Duration.ofSeconds(90))))
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void whenTheTimeIsSpentItIsGivenUpWithTheLastReason() {
        Outlook outlook =
                budget.judge(tried(9, "HTTP 500"), Answer.Again.because("HTTP 502"), QUEUED.plusSeconds(3590));
        assertThat(outlook).isInstanceOfSatisfying(Outlook.GaveUp.class, it -> {
            assertThat(it.reason()).startsWith("HTTP 502");
            assertThat(it.attempts()).isEqualTo(10);
        });
    }

    @Test
    void whatNeverWorksIsNotTriedAgain() {
        assertThat(budget.judge(tried(0, ""), new Answer.Never("HTTP 404"), QUEUED))
                .isEqualTo(new Outlook.GaveUp(1, "HTTP 404"));
    }

    @Test
    void onlyAnotherReasonIsNews() {
        assertThat(budget.judge(tried(1, "HTTP 500"), Answer.Again.because("HTTP 500"), QUEUED))
                .isInstanceOfSatisfying(
                        Outlook.TryLater.class, it -> assertThat(it.news()).isFalse());
        assertThat(budget.judge(tried(1, "HTTP 500"), Answer.Again.because("timed out"), QUEUED))
                .isInstanceOfSatisfying(
                        Outlook.TryLater.class, it -> assertThat(it.news()).isTrue());
    }

    private Duration pauseAfter(int made, Answer answer) {
        Outlook outlook = budget.judge(tried(made, ""), answer, QUEUED);
        assertThat(outlook).isInstanceOf(Outlook.TryLater.class);
        return Duration.between(QUEUED, ((Outlook.TryLater) outlook).at());
    }

    private static Delivery tried(int attempts, String lastError) {
        var subject = new Delivery.Subject(new IncidentId("inc-1"), new ClusterName("orders"), new ClusterUid("u1"));
        return new Delivery(subject, "inc-1-1", new ReceiverName("pager"), 0, "{}", attempts, QUEUED, lastError);
    }
}
