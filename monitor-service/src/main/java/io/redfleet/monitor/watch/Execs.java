package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.WatchEvent;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.health.Remediation.Action;
import io.redfleet.monitor.check.Deed;
import io.redfleet.monitor.remedy.Patient;
import io.redfleet.monitor.remedy.Remedy;
import io.redfleet.monitor.remedy.Ward;
import java.time.Duration;
import java.util.Optional;

/**
 * Programs that a rule wants to be run. Each is due in one cycle and never again, so what holds it back is told and not waited
 * for. How its rule stands, and with it when it is due, lies in the health record as every rule's does.
 */
final class Execs {
    /** It may have to wait for the cluster's restarts, and for other programs. */
    static final Duration ASKED_FOR = Duration.ofMinutes(1);

    /** Followed by the instance: how often one was due, asked for or not. */
    static final String DUE = Cycle.kind(Action.EXEC) + " ";

    private Execs() {}

    static void weigh(Step step, Deed deed, Patient patient, Ward ward, Remediation.Evidence evidence) {
        InstanceId id = patient.id();
        String program = deed.command().line();
        long number = step.count(DUE + id);
        Optional<String> refusal = step.surroundings
                .stopping(id)
                .map(operation -> "operation " + operation.value() + " stops it")
                .or(() -> Remedy.refusesExec(patient, ward));
        if (refusal.isPresent()) {
            // Not numbered by the outage, as the would-be restart of the same outage is.
            step.tell(
                    id,
                    "exec-" + number,
                    new WatchEvent.WouldHave(Action.EXEC.name(), refusal.get()),
                    "would have asked for " + program + " to be run for " + id + ", but " + refusal.get());
            return;
        }
        String remediation = Cycle.remediation(step.roster.uid(), id, Action.EXEC, number);
        String reason = program + " is to be run by a rule of " + id + ": " + deed.text();
        step.asks.add(new Remediation(
                        remediation,
                        step.roster.cluster(),
                        step.roster.uid(),
                        id,
                        Action.EXEC,
                        reason,
                        evidence,
                        step.now.wall(),
                        step.now.wall().plus(ASKED_FOR))
                .running(new Remediation.Exec(program, deed.event(), deed.text())));
        step.tell(id, number, new WatchEvent.ExecRequested(remediation, program), reason, remediation, null);
    }
}
