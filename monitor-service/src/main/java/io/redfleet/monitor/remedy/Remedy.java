package io.redfleet.monitor.remedy;

import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.Remediation.Action;
import java.util.Optional;

/**
 * Whether a restart, or a stop, that is due is asked for.
 *
 * <p>"I cannot connect" proves nothing, so a second witness is wanted: the host, which sees the process absent, or a
 * majority of the Sentinels. A dead master is left to Sentinel for as long as Sentinel can replace it: one that comes back
 * empty before that takes the data of its replicas with it.
 */
public final class Remedy {
    private Remedy() {}

    public static Decision decide(Patient patient, Ward ward) {
        Optional<String> hold = unfit(patient, ward).or(() -> leaveToSentinel(patient, ward));
        if (hold.isPresent()) {
            return new Decision.Hold(hold.get());
        }
        Action action = patient.liveness() == Liveness.HUNG ? Action.RESTART : Action.START;
        return allowed(ward, action, why(patient, ward));
    }

    /**
     * Whether a stop that a rule wants is asked for. It is no cure: whether the cluster can do without the instance is for the
     * provisioner to say, which looks at the hosts.
     *
     * @param found what the rule found
     */
    public static Decision stop(Patient patient, Ward ward, String found) {
        Optional<String> hold = inOtherHands(patient).or(() -> unproven(patient, ward));
        if (hold.isPresent()) {
            return new Decision.Hold(hold.get());
        }
        return allowed(ward, Action.STOP, patient.id() + " is to be stopped by its rule: " + found);
    }

    /**
     * Why a program that a rule wants to be run is not asked for; empty: it is. It changes no process and is due once, so nothing
     * is waited for.
     */
    public static Optional<String> refusesExec(Patient patient, Ward ward) {
        if (patient.process() == Patient.ProcessSeen.STOPPED) {
            return Optional.of("somebody stopped it on purpose");
        }
        return allowed(ward, Action.EXEC, "") instanceof Decision.Would would
                ? Optional.of(would.because())
                : Optional.empty();
    }

    private static Decision allowed(Ward ward, Action action, String reason) {
        if (ward.mode() != WatchMode.AUTO) {
            return new Decision.Would(action, "the watch mode is " + ward.mode());
        }
        return ward.brake().isEmpty() ? new Decision.Ask(action, reason) : new Decision.Would(action, ward.brake());
    }

    private static Optional<String> unproven(Patient patient, Ward ward) {
        if (ward.failingOver()) {
            return Optional.of("Sentinel is changing masters");
        }
        return switch (patient.liveness()) {
            case UNKNOWN -> Optional.of("nobody has heard of it yet");
            case UNREACHABLE -> Optional.of("it cannot be reached, which proves nothing about the process");
            case UP, LOADING, HUNG, DOWN -> Optional.empty();
        };
    }

    private static Optional<String> inOtherHands(Patient patient) {
        if (!patient.operation().isEmpty()) {
            return Optional.of("operation " + patient.operation() + " works on the cluster");
        }
        return patient.process() == Patient.ProcessSeen.STOPPED
                ? Optional.of("somebody stopped it on purpose")
                : Optional.empty();
    }

    private static Optional<String> unfit(Patient patient, Ward ward) {
        Optional<String> others = inOtherHands(patient);
        if (others.isPresent()) {
            return others;
        }
        return switch (patient.liveness()) {
            case UNKNOWN, UP, LOADING -> Optional.of("it is not down");
            case UNREACHABLE -> Optional.of("it cannot be reached, which proves nothing about the process");
            case HUNG -> hung(patient, ward);
            case DOWN -> down(patient, ward);
        };
    }

    private static Optional<String> hung(Patient patient, Ward ward) {
        if (patient.busy()) {
            return Optional.of("a script keeps it busy");
        }
        if (patient.stateful()) {
            return Optional.of("it was loading or saving when it was heard last");
        }
        return patient.sentinelsSeeingDown() >= ward.majority()
                ? Optional.empty()
                : Optional.of("no majority of the Sentinels holds it for down");
    }

    private static Optional<String> down(Patient patient, Ward ward) {
        return switch (patient.process()) {
            case ABSENT, STOPPED -> Optional.empty();
            case PRESENT -> Optional.of("its host says that the process is there");
            case UNKNOWN ->
                patient.sentinelsSeeingDown() >= othersMajority(patient, ward)
                        ? Optional.empty()
                        : Optional.of("there is no second witness yet");
        };
    }

    /** A Sentinel cannot testify against itself: of the others, half and more must. */
    private static int othersMajority(Patient patient, Ward ward) {
        return patient.role() == InstanceRole.SENTINEL ? Math.max(1, ward.majority() - 1) : ward.majority();
    }

    private static Optional<String> leaveToSentinel(Patient patient, Ward ward) {
        if (patient.role() == InstanceRole.SENTINEL) {
            return Optional.empty();
        }
        if (ward.failingOver()) {
            return Optional.of("Sentinel is changing masters");
        }
        if (patient.master()) {
            boolean impossible = !ward.votesSuffice() || !ward.candidate() || ward.futile();
            return impossible && ward.silentMillis() >= ward.provenMillis()
                    ? Optional.empty()
                    : Optional.of("Sentinel can still replace this master");
        }
        return ward.masterKnown() || !ward.votesSuffice()
                ? Optional.empty()
                : Optional.of("no majority of the Sentinels names a master to follow");
    }

    private static String why(Patient patient, Ward ward) {
        String witness = patient.process() == Patient.ProcessSeen.ABSENT
                ? "its host sees no process"
                : patient.sentinelsSeeingDown() + " Sentinels hold it for down";
        String told = patient.master() ? "; the Sentinels cannot replace it: " + obstacle(ward) : "";
        String state = patient.liveness() == Liveness.HUNG ? "answers nothing" : "refuses connections";
        return patient.id() + " " + state + " and " + witness + told;
    }

    private static String obstacle(Ward ward) {
        if (!ward.votesSuffice()) {
            return "too few of them answer";
        }
        return ward.candidate() ? "they tried and found no good replica" : "no replica lives that may be promoted";
    }
}
