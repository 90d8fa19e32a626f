package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Does one action on its host. Blocks until it is done, at most its own deadline. */
public final class Hands {
    private static final Duration QUICK = Duration.ofSeconds(20);
    /** Beyond the script's own patience: the way there and back. */
    private static final Duration TRAVEL = Duration.ofSeconds(10);

    private final Hosts hosts;

    public Hands(Hosts hosts) {
        this.hosts = hosts;
    }

    public StepResult perform(Action action) {
        HostAccess access = action.place().access();
        return switch (action) {
            case Action.Prepare it ->
                run(access, "prepare", QUICK, List.of(it.base(), it.directory(), it.owner(), it.binary()));
            case Action.WriteNew it -> write(access, it);
            case Action.Follow it ->
                run(
                        access,
                        "follow",
                        QUICK,
                        List.of(
                                it.directory(),
                                it.master().map(master -> master.host()).orElse("none"),
                                it.master().map(master -> "" + master.port()).orElse("0")));
            case Action.Start it -> run(access, "start", it.patience(), start(it));
            case Action.Stop it ->
                run(
                        access,
                        "stop",
                        it.patience(),
                        List.of(
                                it.directory(),
                                it.marked() ? "mark" : "plain",
                                "" + it.patience().toSeconds(),
                                it.kill() ? "kill" : "term"));
            case Action.Await it -> run(access, "await", it.patience(), await(it));
            case Action.Tell it -> run(access, "tell", QUICK, tell(it));
            case Action.AppendOnly it ->
                run(
                        access,
                        "appendonly",
                        it.patience(),
                        List.of(
                                it.place().host().address(),
                                it.place().port(),
                                it.on() ? "on" : "off",
                                "" + it.patience().toSeconds()));
            case Action.Erase it -> run(access, "erase", QUICK, List.of(it.directory(), it.owner()));
        };
    }

    private static List<String> start(Action.Start it) {
        Place place = it.place();
        String seconds = "" + it.patience().toSeconds();
        return List.of(it.base(), it.directory(), place.program(), place.host().address(), place.port(), seconds);
    }

    private static List<String> await(Action.Await it) {
        Place place = it.place();
        return List.of(
                it.until().name().toLowerCase(Locale.ROOT),
                place.host().address(),
                place.port(),
                "" + it.patience().toSeconds(),
                it.masterName(),
                "" + it.replicas(),
                "" + it.sentinels());
    }

    private static List<String> tell(Action.Tell it) {
        List<String> arguments =
                new ArrayList<>(List.of(it.place().host().address(), it.place().port()));
        for (List<String> command : it.commands()) {
            arguments.add("" + command.size());
            arguments.addAll(command);
        }
        return arguments;
    }

    /** The file may be there from an interrupted run, and may have been rewritten since: then it is Redis's own. */
    private StepResult write(HostAccess access, Action.WriteNew it) {
        StepResult looked = run(access, "absent", QUICK, List.of(it.path()));
        if (looked instanceof StepResult.Failed || looked.detail().contains("present")) {
            return looked;
        }
        return switch (hosts.put(access, new RemoteFile(it.path(), it.content(), 0600, QUICK))) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done -> verified(access, it);
        };
    }

    private StepResult verified(HostAccess access, Action.WriteNew it) {
        StepResult looked = run(access, "absent", QUICK, List.of(it.path()));
        if (looked instanceof StepResult.Failed) {
            return looked;
        }
        boolean there = looked.detail().contains("present");
        return there
                ? new StepResult.Changed("written")
                : new StepResult.Failed(access + ": " + it.path() + " is not there after it was written");
    }

    private StepResult run(HostAccess access, String name, Duration patience, List<String> arguments) {
        Reply reply = hosts.run(access, Scripts.of(Hands.class, name, patience.plus(TRAVEL), arguments));
        return switch (reply) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done
            when !done.ok() -> new StepResult.Failed(access + ": " + name + " " + shown(arguments) + ": " + said(done));
            case Reply.Done done -> {
                String out = done.out().strip();
                String detail = out.replace("\n", "; ");
                yield out.endsWith("unchanged") || out.equals("present")
                        ? new StepResult.Unchanged(detail)
                        : new StepResult.Changed(detail);
            }
        };
    }

    private static String shown(List<String> arguments) {
        return String.join(" ", arguments);
    }

    private static String said(Reply.Done done) {
        String err = done.err().strip();
        return err.isEmpty() ? "ended with status " + done.exit() : err;
    }
}
