package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a host gets before anything is started on it: settings of the machine, directories, notes, files, guards, units. None of it
 * looks at another host, and no instance that runs is told of it; so no host has to wait for another between two of these.
 */
final class Local {
    private Local() {}

    static boolean is(Action action) {
        return action instanceof Action.Tune
                || action instanceof Action.Prepare
                || action instanceof Action.Note
                || action instanceof Action.WriteNew
                || action instanceof Action.Rotate
                || action instanceof Action.Guard
                || action instanceof Action.Unit;
    }

    /** As whom the one script runs that does it; empty: it is not local, or takes more than a script. */
    static Optional<RunAs> by(Action action) {
        return switch (action) {
            case Action.Tune it -> Optional.of(RunAs.ROOT);
            case Action.Prepare it -> Optional.of(it.place().keeper());
            case Action.Note it -> Optional.of(it.place().keeper());
            // Where the SSH user can upload, he does.
            case Action.WriteNew it ->
                it.place().byInit() ? Optional.of(it.place().keeper()) : Optional.empty();
            case Action.Rotate it -> Optional.of(RunAs.ROOT);
            case Action.Guard it -> Optional.of(RunAs.ROOT);
            case Action.Unit it -> Optional.of(RunAs.ROOT);
            default -> Optional.empty();
        };
    }

    /**
     * That script, without the words that prove the lease, as people are told of it: the settings of a machine and its file are
     * not among its words.
     *
     * @param lease by which what is not whole yet is named
     * @throws IllegalArgumentException there is no such script
     */
    static Script script(Action action, String lease) {
        RunAs by = by(action).orElseThrow(() -> new IllegalArgumentException("not by one script: " + action));
        return switch (action) {
            case Action.Tune it ->
                script("tune", Hands.SYSTEMD, List.of(it.part().word()), by);
            case Action.Prepare it -> script("prepare", Hands.QUICK, Asking.prepare(it), by);
            case Action.Note it ->
                script("mark", Hands.QUICK, List.of(it.directory(), it.owner(), it.uid(), "" + it.revision()), by);
            case Action.WriteNew it ->
                script("new", Hands.QUICK, List.of(it.path(), Hands.staged(it.path(), lease)), by)
                        .carrying(it.content());
            case Action.Rotate it ->
                script("rotate", Hands.QUICK, List.of(it.path(), it.owner()), by)
                        .carrying(it.content());
            case Action.Guard it ->
                script("unit-guard", Hands.QUICK.multipliedBy(2), List.of(it.path(), it.owner()), by)
                        .carrying(it.carried());
            case Action.Unit it -> {
                Inits.Call call = Inits.write(it);
                yield script(call.script(), Hands.SYSTEMD, call.arguments(), by).carrying(it.content());
            }
            default -> throw new IllegalArgumentException("not local: " + action);
        };
    }

    private static Script script(String name, Duration patience, List<String> arguments, RunAs by) {
        return Scripts.of(Hands.class, name, patience.plus(Hands.TRAVEL), arguments)
                .by(by);
    }
}
