package io.redfleet.provisioner.order;

import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.ExecEvent;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.event.StopEvent;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Journal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The event that every operation owes which was to start a process, or which a rule asked for: performed, failed or, of a
 * remediation that touched nothing, withheld. Whoever did the work tells it; where nobody has, for a crash, a fault or a cancel, it
 * is told here.
 *
 * <p>Which one follows from the record of the decided operation alone, so that a repeat by another owner is never another
 * kind of end.
 */
final class RestartEnd {
    /** What makes the ids of the events; those who do the work use the same. */
    static final String RESTART = "restart";

    static final String STOP = "stop";

    static final String EXEC = "exec";

    static final String WITHHELD = "withheld";

    /** What the script that stopped or started it says of itself. */
    private static final Pattern PID = Pattern.compile("\\bpid=(\\d{1,18})\\b");

    private RestartEnd() {}

    /** Whether a host may have been touched: a step is on record before it is sent. */
    static boolean begun(OperationState state) {
        return state.steps().stream().anyMatch(step -> switch (step.status()) {
            case WAITING, SKIPPED -> false;
            case RUNNING, DONE, UNCHANGED, FAILED -> true;
        });
    }

    /** After the end was decided and before it is told. */
    static void tell(Task task, Journal journal) {
        OperationState state = journal.state();
        boolean stops = state.kind().equals(Remedies.STOP_KIND);
        boolean execs = state.kind().equals(Remedies.EXEC_KIND);
        boolean told = journal.hasTold(RESTART) || journal.hasTold(STOP) || journal.hasTold(WITHHELD);
        if (told || !(task.starts() || stops || execs)) {
            return;
        }
        String remediation = task instanceof Task.Remedy remedy ? remedy.asked().id() : "";
        if (begun(state) && execs) {
            journal.tell(EXEC, state.instance(), state.reason(), ExecEnd.of(remediation, state));
        } else if (begun(state)) {
            Event event = stops ? stopped(remediation, state) : started(remediation, state);
            journal.tell(stops ? STOP : RESTART, state.instance(), state.reason(), event);
        } else if (Remedies.isKind(state.kind())) {
            Event event = withheld(state.kind(), remediation, "interrupted");
            journal.tell(WITHHELD, state.instance(), state.reason(), event);
        }
    }

    /** @param kind of the operation that would have carried it out */
    static Event withheld(String kind, String remediation, String rule) {
        return switch (kind) {
            case Remedies.STOP_KIND -> new StopEvent.Withheld(remediation, rule);
            case Remedies.EXEC_KIND -> new ExecEvent.Withheld(remediation, rule);
            default -> new RestartEvent.Withheld(remediation, rule);
        };
    }

    private static RestartEvent started(String remediation, OperationState state) {
        return state.status() == Status.SUCCEEDED
                ? performed(remediation, state.steps())
                : new RestartEvent.Failed(remediation, state.reason());
    }

    private static StopEvent stopped(String remediation, OperationState state) {
        StepState last = state.steps().getLast();
        return state.status() == Status.SUCCEEDED
                ? new StopEvent.Performed(remediation, pid(last), last.tookMillis())
                : new StopEvent.Failed(remediation, state.reason());
    }

    private static RestartEvent performed(String remediation, List<StepState> steps) {
        long before = steps.stream()
                .filter(step -> step.id().endsWith("/stop"))
                .mapToLong(RestartEnd::pid)
                .sum();
        long took = steps.stream().mapToLong(StepState::tookMillis).sum();
        return new RestartEvent.Performed(remediation, before, pid(steps.getLast()), took);
    }

    private static long pid(StepState step) {
        Matcher said = PID.matcher(step.detail());
        return said.find() ? Long.parseLong(said.group(1)) : 0;
    }
}
