package io.redfleet.monitor.remedy;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.remedy.Patient.ProcessSeen;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RemedyTest {
    /** A dead replica of a healthy cluster, with the host as second witness. */
    private static final Case REPLICA = new Case(
            new Patient(Orders.R2, InstanceRole.REDIS, Liveness.DOWN, false, false, false, ProcessSeen.ABSENT, "", 0),
            new Ward(WatchMode.AUTO, 2, true, true, false, false, true, 60_000, 7_000, ""));

    private static final Case MASTER = REPLICA.master();
    private static final Case SENTINEL = REPLICA.role(InstanceRole.SENTINEL);

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("a replica whose host sees no process", REPLICA, "ask START"),
                Arguments.of(
                        "the same with nobody else to say so", REPLICA.process(ProcessSeen.UNKNOWN), "second witness"),
                Arguments.of(
                        "two Sentinels are the second witness",
                        REPLICA.process(ProcessSeen.UNKNOWN).seenBy(2),
                        "ask START"),
                Arguments.of(
                        "one Sentinel is not",
                        REPLICA.process(ProcessSeen.UNKNOWN).seenBy(1),
                        "second witness"),
                Arguments.of(
                        "its host sees the process",
                        REPLICA.process(ProcessSeen.PRESENT).seenBy(3),
                        "is there"),
                Arguments.of(
                        "a person stopped it",
                        REPLICA.process(ProcessSeen.STOPPED).seenBy(3),
                        "on purpose"),
                Arguments.of("an operation works there", REPLICA.operation("op-1"), "op-1"),
                Arguments.of("it is loading", REPLICA.is(Liveness.LOADING), "not down"),
                Arguments.of(
                        "it cannot be reached", REPLICA.is(Liveness.UNREACHABLE).seenBy(3), "proves nothing"),
                Arguments.of("it hangs", REPLICA.is(Liveness.HUNG).seenBy(2), "ask RESTART"),
                Arguments.of("it hangs for us alone", REPLICA.is(Liveness.HUNG).seenBy(1), "no majority"),
                Arguments.of(
                        "a script keeps it busy",
                        REPLICA.is(Liveness.HUNG).seenBy(3).busy(),
                        "busy"),
                Arguments.of(
                        "it hangs while it saves",
                        REPLICA.is(Liveness.HUNG).seenBy(3).saving(),
                        "saving"),
                Arguments.of("Sentinel is at work", REPLICA.failingOver(), "changing masters"),
                Arguments.of("a master that can be replaced", MASTER, "can still replace"),
                Arguments.of("a master nobody can vote on", MASTER.noVotes(), "ask START"),
                Arguments.of("a master without a successor", MASTER.noCandidate(), "ask START"),
                Arguments.of("a master whom Sentinel tried to replace in vain", MASTER.futile(60_000), "ask START"),
                Arguments.of("the same, before that is proven", MASTER.futile(6_999), "can still replace"),
                Arguments.of("the same too early", MASTER.noCandidate().silent(6_999), "can still replace"),
                Arguments.of("a former master after the switch", REPLICA, "ask START"),
                Arguments.of("a replica with no master named", REPLICA.unnamed(), "no majority of the Sentinels names"),
                Arguments.of("a Sentinel by its host", SENTINEL, "ask START"),
                Arguments.of(
                        "a Sentinel by one of the two others",
                        SENTINEL.process(ProcessSeen.UNKNOWN).seenBy(1),
                        "ask START"),
                Arguments.of("a Sentinel during a failover", SENTINEL.failingOver(), "ask START"),
                Arguments.of("only watched", REPLICA.mode(WatchMode.OBSERVE), "would START"),
                Arguments.of("only alerted", REPLICA.mode(WatchMode.ALERT_ONLY), "would START"),
                Arguments.of("the brake is on", REPLICA.brake("the fleet is disarmed"), "would START"),
                Arguments.of(
                        "no evidence and a brake",
                        REPLICA.process(ProcessSeen.UNKNOWN).brake("x"),
                        "second witness"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("cases")
    void aRestartIsWeighed(String what, Case one, String expected) {
        String said = switch (Remedy.decide(one.patient(), one.ward())) {
            case Decision.Ask ask -> "ask " + ask.action();
            case Decision.Would would -> "would " + would.action();
            case Decision.Hold hold -> hold.reason();
        };
        assertThat(said).contains(expected);
    }

    static Stream<Arguments> stops() {
        Case replica = REPLICA.is(Liveness.UP).process(ProcessSeen.PRESENT);
        return Stream.of(
                Arguments.of("who lives", replica, "ask STOP"),
                Arguments.of("who is dead", REPLICA, "ask STOP"),
                Arguments.of("a master: the provisioner says no", replica.master(), "ask STOP"),
                Arguments.of("who was stopped already", REPLICA.process(ProcessSeen.STOPPED), "on purpose"),
                Arguments.of("an operation works there", replica.operation("op-1"), "op-1"),
                Arguments.of("Sentinel is at work", replica.failingOver(), "changing masters"),
                Arguments.of("it cannot be reached", replica.is(Liveness.UNREACHABLE), "proves nothing"),
                Arguments.of("never heard of", replica.is(Liveness.UNKNOWN), "nobody has heard"),
                Arguments.of("only watched", replica.mode(WatchMode.OBSERVE), "would STOP"),
                Arguments.of("the brake is on", replica.brake("the fleet is disarmed"), "would STOP"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("stops")
    void aStopIsWeighed(String what, Case one, String expected) {
        String said = switch (Remedy.stop(one.patient(), one.ward(), "memory is 5 GB")) {
            case Decision.Ask ask -> {
                assertThat(ask.reason()).contains(Orders.R2.value(), "memory is 5 GB");
                yield "ask " + ask.action();
            }
            case Decision.Would would -> "would " + would.action();
            case Decision.Hold hold -> hold.reason();
        };
        assertThat(said).contains(expected);
    }

    static Stream<Arguments> programs() {
        return Stream.of(
                Arguments.of("who lives", REPLICA.is(Liveness.UP).process(ProcessSeen.PRESENT), ""),
                Arguments.of("who is dead", REPLICA, ""),
                Arguments.of("it cannot be reached", REPLICA.is(Liveness.UNREACHABLE), ""),
                Arguments.of("Sentinel is at work", REPLICA.failingOver(), ""),
                Arguments.of("an operation works there", REPLICA.operation("op-1"), ""),
                Arguments.of("who was stopped", REPLICA.process(ProcessSeen.STOPPED), "somebody stopped it on purpose"),
                Arguments.of("only watched", REPLICA.mode(WatchMode.OBSERVE), "the watch mode is OBSERVE"),
                Arguments.of("only alerted", REPLICA.mode(WatchMode.ALERT_ONLY), "the watch mode is ALERT_ONLY"),
                Arguments.of("the brake is on", REPLICA.brake("the fleet is disarmed"), "the fleet is disarmed"));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("programs")
    void aProgramIsHeldBackByAPersonAndTheBrakesAlone(String what, Case one, String because) {
        assertThat(Remedy.refusesExec(one.patient(), one.ward()).orElse("")).isEqualTo(because);
    }

    private record Case(Patient patient, Ward ward) {
        Case is(Liveness liveness) {
            return new Case(copy(liveness, patient.process(), patient.sentinelsSeeingDown()), ward);
        }

        Case process(ProcessSeen seen) {
            return new Case(copy(patient.liveness(), seen, patient.sentinelsSeeingDown()), ward);
        }

        Case seenBy(int sentinels) {
            return new Case(copy(patient.liveness(), patient.process(), sentinels), ward);
        }

        Case busy() {
            return with(patient.role(), true, false, patient.master(), patient.operation());
        }

        Case saving() {
            return with(patient.role(), false, true, patient.master(), patient.operation());
        }

        Case master() {
            return with(patient.role(), false, false, true, patient.operation());
        }

        Case role(InstanceRole role) {
            return with(role, false, false, patient.master(), patient.operation());
        }

        Case operation(String operation) {
            return with(patient.role(), false, false, patient.master(), operation);
        }

        Case failingOver() {
            return ward(ward.mode(), true, true, true, true, ward.silentMillis(), "");
        }

        Case noVotes() {
            return ward(ward.mode(), false, true, false, true, ward.silentMillis(), "");
        }

        Case noCandidate() {
            return ward(ward.mode(), true, false, false, true, ward.silentMillis(), "");
        }

        Case futile(long silent) {
            return new Case(
                    patient, new Ward(ward.mode(), ward.majority(), true, true, true, false, true, silent, 7_000, ""));
        }

        Case unnamed() {
            return ward(ward.mode(), true, true, false, false, ward.silentMillis(), "");
        }

        Case silent(long millis) {
            return ward(ward.mode(), ward.votesSuffice(), ward.candidate(), false, true, millis, "");
        }

        Case mode(WatchMode mode) {
            return ward(mode, true, true, false, true, ward.silentMillis(), "");
        }

        Case brake(String why) {
            return ward(ward.mode(), true, true, false, true, ward.silentMillis(), why);
        }

        private Patient copy(Liveness liveness, ProcessSeen process, int sentinels) {
            return new Patient(
                    patient.id(),
                    patient.role(),
                    liveness,
                    patient.busy(),
                    patient.stateful(),
                    patient.master(),
                    process,
                    patient.operation(),
                    sentinels);
        }

        private Case with(InstanceRole role, boolean busy, boolean stateful, boolean master, String operation) {
            Patient next = new Patient(
                    patient.id(),
                    role,
                    patient.liveness(),
                    busy,
                    stateful,
                    master,
                    patient.process(),
                    operation,
                    patient.sentinelsSeeingDown());
            return new Case(next, ward);
        }

        private Case ward(
                WatchMode mode,
                boolean votes,
                boolean candidate,
                boolean failingOver,
                boolean named,
                long silent,
                String brake) {
            return new Case(
                    patient,
                    new Ward(mode, ward.majority(), votes, candidate, false, failingOver, named, silent, 7_000, brake));
        }
    }
}
