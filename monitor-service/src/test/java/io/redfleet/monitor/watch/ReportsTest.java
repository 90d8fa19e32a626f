package io.redfleet.monitor.watch;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.WatchEvent.CheckFailed;
import io.redfleet.contracts.event.WatchEvent.CheckSucceeded;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.MonitEvent;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.roster.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the Monit of a host says. */
class ReportsTest {
    private static final String ABSENT = "r1 monit sleeper: Does not exist";
    private static final long NONEXIST = MonitEvent.NONEXIST.id();

    private final Watched watched = new Watched();

    @Test
    void whatFailsIsToldOnceAndSoIsItsEnd() {
        report(0, 1_000);
        report(NONEXIST, 2_000);
        report(NONEXIST, 3_000);
        report(0, 4_000);
        report(0, 5_000);

        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), new CheckSucceeded(ABSENT));
        assertThat(watched.asks).isEmpty();
    }

    @Test
    void monitsOwnWordsAreTheReason() {
        take(new Report(NONEXIST, 2_000).because("process is not running"), 2_000);
        assertThat(watched.facts)
                .filteredOn(fact -> fact.event() instanceof CheckFailed)
                .singleElement()
                .satisfies(fact -> {
                    assertThat(fact.about().reason()).isEqualTo("r1: Monit says of sleeper: process is not running");
                    assertThat(fact.about().instance()).isNull();
                });
    }

    @Test
    void everyFailureHasAnIdOfItsOwn() {
        for (int i = 0; i < 20; i++) {
            report(i % 2 == 0 ? NONEXIST : 0, 1_000 + 1_000 * i);
        }
        assertThat(told()).hasSize(20);
        assertThat(watched.facts.stream().map(fact -> fact.id())).doesNotHaveDuplicates();
    }

    @Test
    void twoFailuresOfOneServiceAreTwo() {
        report(NONEXIST | MonitEvent.CONNECTION.id(), 2_000);
        report(MonitEvent.CONNECTION.id(), 3_000);
        assertThat(told())
                .containsExactlyInAnyOrder(
                        new CheckFailed(ABSENT, 1, 1),
                        new CheckFailed("r1 monit sleeper: Connection failed", 1, 1),
                        new CheckSucceeded(ABSENT));
    }

    @Test
    void aReportThatComesLateOrTwiceChangesNothing() {
        report(NONEXIST, 2_000);
        report(0, 4_000);
        take(new Report(NONEXIST, 2_000), 5_000);
        take(new Report(0, 4_000), 5_500);
        assertThat(told()).hasSize(2);

        long later = 4_000 + Reports.LATE.toMillis() + 60_000;
        take(new Report(NONEXIST, later - Reports.LATE.toMillis() - 1), later);
        assertThat(told()).as("it lay on the bus for too long").hasSize(2);
    }

    @Test
    void aMonitThatWasStartedAnewIsHeardWhateverItsClockSays() {
        report(0, 100_000);
        take(new Report(NONEXIST, 50_000).of(2).receivedAt(101_000), 101_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1));
    }

    @Test
    void whatMonitNoLongerWatchesOrKnowsIsOver() {
        report(NONEXIST, 2_000);
        take(new Report(NONEXIST, 3_000).unmonitored(), 3_000);
        report(NONEXIST, 4_000);
        take(new Report(NONEXIST, 5_000).withoutServices(), 5_000);
        assertThat(told())
                .containsExactly(
                        new CheckFailed(ABSENT, 1, 1),
                        new CheckSucceeded(ABSENT),
                        new CheckFailed(ABSENT, 1, 1),
                        new CheckSucceeded(ABSENT));
    }

    @Test
    void aTakeoverNeitherRepeatsNorForgets() {
        report(NONEXIST, 2_000);
        ClusterHealth health = HealthRecord.of(watched.watch, at(3_000).wall(), null);
        watched.watch = HealthRecord.restore(Orders.roster(), health, at(4_000));
        report(NONEXIST, 5_000);
        report(0, 6_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), new CheckSucceeded(ABSENT));
    }

    @Test
    void whatWasToldAfterTheLastHealthIsNotToldAgain() {
        ClusterHealth health = HealthRecord.of(watched.watch, at(1_000).wall(), null);
        report(NONEXIST, 2_000);
        List<Fact> later = List.copyOf(watched.facts);
        watched.watch = Folding.fold(HealthRecord.restore(Orders.roster(), health, at(4_000)), later, at(4_000));
        report(NONEXIST, 5_000);
        report(0, 6_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), new CheckSucceeded(ABSENT));

        watched.watch = Folding.fold(
                HealthRecord.restore(Orders.roster(), health, at(7_000)), List.copyOf(watched.facts), at(7_000));
        report(0, 8_000);
        assertThat(told()).hasSize(2);
    }

    @Test
    void whatAnOperationOfOursStopsIsNotRaisedMeanwhile() {
        watched.operated("restart", Set.of(Orders.R1), 1_000);
        take(new Report(NONEXIST, 2_000).named("redis-server"), 2_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void nothingIsHeardOfAnotherClusterOrOfAHostThatIsNoMember() {
        take(new Report(NONEXIST, 2_000).uid("another"), 2_000);
        take(new Report(NONEXIST, 2_000).host("r9"), 2_000);
        assertThat(told()).isEmpty();
    }

    @Test
    void aHostThatLeavesTheClusterTakesItsFailuresWithIt() {
        report(NONEXIST, 2_000);
        ClusterState state = Orders.state();
        ClusterSpec spec = state.spec();
        ClusterSpec without = new ClusterSpec(
                spec.name(),
                spec.labels(),
                spec.redis(),
                spec.durability(),
                spec.sentinel(),
                spec.hosts().stream()
                        .filter(host -> !host.name().value().equals("r1"))
                        .toList(),
                new HostName("r2"),
                spec.service(),
                spec.watch(),
                spec.security());
        Roster roster = Roster.of(new ClusterState(
                state.schema(), state.uid(), 2, state.phase(), state.reason(), state.since(), without));
        watched.see(new Observation.Reassigned(roster), 3_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), new CheckSucceeded(ABSENT));
    }

    @Test
    void aHostThatSaysEverythingFailsIsHeardUpToABound() {
        List<ServiceReport> services = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            services.add(new ServiceReport("s" + i, 3, at(2_000).wall(), ~0L, true, 0, -1, false, 0));
        }
        take(new Report(0, 2_000).services(services), 2_000);
        assertThat(told()).hasSize(Reports.MOST);
        ClusterHealth health = HealthRecord.of(watched.watch, at(3_000).wall(), null);
        take(new Report(0, 4_000).withoutServices(), 4_000);
        assertThat(HealthRecord.of(watched.watch, at(5_000).wall(), null).counters())
                .as("nothing is kept of what is over")
                .hasSizeLessThan(health.counters().size() - Reports.MOST + 1);
    }

    @Test
    void aMonitThatHasJustBeenStartedKnowsNothingYet() {
        report(NONEXIST, 2_000);
        take(new Report(0, 3_000).of(2).initializing(), 3_000);
        take(new Report(NONEXIST, 3_012).of(2).initializing(), 3_012);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1));

        take(new Report(0, 4_000).of(2), 4_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1), new CheckSucceeded(ABSENT));
    }

    @Test
    void whatIsOpenIsNotOverBecauseAnOperationStopsIt() {
        String hung = "r1 monit redis-server: Connection failed";
        take(new Report(MonitEvent.CONNECTION.id(), 2_000).named("redis-server"), 2_000);
        watched.operated("restart", Set.of(Orders.R1), 2_500);
        take(new Report(MonitEvent.CONNECTION.id(), 3_000).named("redis-server"), 3_000);
        assertThat(told()).containsExactly(new CheckFailed(hung, 1, 1));
    }

    @Test
    void whatIsBeyondTheBoundDoesNotEndWhatIsOpen() {
        List<ServiceReport> services = new ArrayList<>();
        for (int i = 0; i < Reports.MOST; i++) {
            services.add(new ServiceReport("s" + i, 3, at(2_000).wall(), NONEXIST, true, 0, -1, false, 0));
        }
        take(new Report(0, 2_000).services(services), 2_000);
        services.addFirst(new ServiceReport("first", 3, at(3_000).wall(), NONEXIST, true, 0, -1, false, 0));
        take(new Report(0, 3_000).services(services), 3_000);
        assertThat(told()).hasSize(Reports.MOST).allMatch(CheckFailed.class::isInstance);
    }

    @Test
    void aHostThatChangesItsMindAllTheTimeIsToldOfUpToABoundAndInTheEndAsItIs() {
        List<ServiceReport> services = new ArrayList<>();
        for (int i = 0; i < Reports.MOST; i++) {
            services.add(new ServiceReport("s" + i, 3, at(2_000).wall(), NONEXIST, true, 0, -1, false, 0));
        }
        for (int i = 0; i < 50; i++) {
            long now = 2_000 + 100L * i;
            take(i % 2 == 0 ? new Report(0, now).services(services) : new Report(0, now).withoutServices(), now);
        }
        assertThat(told()).hasSize(Reports.MOST_A_MINUTE);

        take(new Report(0, 70_000).services(services), 70_000);
        long failed = told().stream().filter(CheckFailed.class::isInstance).count();
        assertThat(failed - (told().size() - failed)).as("open").isEqualTo(Reports.MOST);
    }

    @Test
    void aHostWhoseClockWasSetBackIsHeard() {
        report(0, 10_000_000);
        take(new Report(NONEXIST, 2_000_000).receivedAt(10_010_000), 10_010_000);
        assertThat(told()).containsExactly(new CheckFailed(ABSENT, 1, 1));
    }

    @Test
    void aChangeIsCalledOne() {
        take(new Report(MonitEvent.CHECKSUM.id(), 2_000).changed(MonitEvent.CHECKSUM.id()), 2_000);
        assertThat(told()).containsExactly(new CheckFailed("r1 monit sleeper: Checksum changed", 1, 1));
    }

    @Test
    void aReportIsNoReasonToSeeTheTimeOtherwise() {
        take(new Report(NONEXIST, 2_000).receivedAt(2_000 + Duration.ofDays(400).toMillis()), 2_000);
        assertThat(told()).hasSize(1);
        report(0, 3_000);
        assertThat(told()).hasSize(2);
    }

    private void report(long failed, long millis) {
        take(new Report(failed, millis), millis);
    }

    private void take(Report report, long millis) {
        watched.see(new Observation.Reported(report.report()), millis);
    }

    private List<Event> told() {
        return watched.facts.stream()
                .map(Fact::event)
                .filter(event -> event instanceof CheckFailed || event instanceof CheckSucceeded)
                .toList();
    }

    /** A report about one service, {@code sleeper}, seen and received at one moment. */
    private static final class Report {
        private final long failed;
        private final long millis;
        private String uid = Orders.roster().uid().value();
        private String host = "r1";
        private String name = "sleeper";
        private String message = "";
        private long incarnation = 1;
        private long received;
        private boolean monitored = true;
        private boolean initializing;
        private long changed;
        private List<ServiceReport> services = List.of();
        private boolean none;

        Report(long failed, long millis) {
            this.failed = failed;
            this.millis = millis;
            this.received = millis;
        }

        Report because(String words) {
            message = words;
            return this;
        }

        Report uid(String other) {
            uid = other;
            return this;
        }

        Report host(String other) {
            host = other;
            return this;
        }

        Report named(String other) {
            name = other;
            return this;
        }

        Report of(long start) {
            incarnation = start;
            return this;
        }

        Report receivedAt(long at) {
            received = at;
            return this;
        }

        Report initializing() {
            initializing = true;
            return this;
        }

        Report changed(long ids) {
            changed = ids;
            return this;
        }

        Report unmonitored() {
            monitored = false;
            return this;
        }

        Report services(List<ServiceReport> all) {
            services = all;
            return this;
        }

        Report withoutServices() {
            none = true;
            return this;
        }

        HostReport report() {
            ServiceReport one =
                    new ServiceReport(name, 3, at(millis).wall(), failed, monitored, 0, -1, initializing, changed);
            List<ServiceReport> said = none ? List.of() : services.isEmpty() ? List.of(one) : services;
            return new HostReport(
                    HostReport.SCHEMA,
                    Orders.roster().cluster(),
                    new ClusterUid(uid),
                    new HostName(host),
                    at(received).wall(),
                    "m1",
                    incarnation,
                    "5.33.0",
                    30,
                    said,
                    new ReportedEvent(name, NONEXIST, 1, at(millis).wall(), message));
        }
    }
}
