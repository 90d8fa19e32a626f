package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Does what is local to one host, as one user, in one go, in its order. Each script proves the lease for itself and is judged for
 * itself, as if it had come alone.
 *
 * <p>Units of systemd are the exception: each but the last of them only writes its file, and the last lets systemd know of all.
 * Where it does not come to that, one more script does it for those that are written.
 */
final class Together {
    private final Hosts hosts;
    private final Grant grant;

    Together(Hosts hosts, Grant grant) {
        this.hosts = hosts;
        this.grant = grant;
    }

    /**
     * How each ended, in order. What has no result was not run, for one before it has failed; of whom nobody knows whether he was
     * run, he has failed.
     *
     * @param actions of one host and one user ({@link Local#by})
     * @throws Ledger.Lost before anything is sent, if the work is another's
     */
    List<StepResult> perform(List<Action> actions) {
        Place place = actions.getFirst().place();
        HostAccess access = place.access();
        Fence fence = grant.fence(place.host());
        if (!(fence instanceof Fence.Open open)) {
            return List.of(Answered.shut(access, fence));
        }
        List<Script> shown = scripts(actions, open.lease());
        List<Script> sent = new ArrayList<>();
        for (Script script : shown) {
            // Whoever comes to the second has begun with the first.
            Fence.Open each = sent.isEmpty() ? open : begun(open);
            sent.add(script.with(words(actions.get(sent.size()), script, each)));
        }
        List<Reply> replies = hosts.runAll(access, sent);
        List<StepResult> results = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            results.add(Answered.by(access, shown.get(i), replies.get(i)));
        }
        if (results.stream().anyMatch(result -> !(result instanceof StepResult.Failed))) {
            grant.begun();
        }
        return known(actions, results, replies.getLast() instanceof Reply.Failed);
    }

    private static List<String> words(Action action, Script shown, Fence.Open open) {
        return action instanceof Action.Tune tune
                ? open.at(tune.base()).before(Tuning.set(tune))
                : open.before(shown.arguments());
    }

    private static List<Script> scripts(List<Action> actions, String lease) {
        List<Integer> units = units(actions);
        List<Script> scripts = new ArrayList<>();
        for (int i = 0; i < actions.size(); i++) {
            Script alone = Local.script(actions.get(i), lease);
            if (!units.contains(i)) {
                scripts.add(alone);
            } else if (i == units.getLast()) {
                scripts.add(telling(alone, actions, units.subList(0, units.size() - 1)));
            } else {
                scripts.add(with(alone, List.of("later")));
            }
        }
        return scripts;
    }

    /** Which of them are units of systemd. */
    private static List<Integer> units(List<Action> actions) {
        return IntStream.range(0, actions.size())
                .filter(i -> actions.get(i) instanceof Action.Unit unit
                        && unit.place().isUnit())
                .boxed()
                .toList();
    }

    /** The script of a unit, which lets systemd know of others as well. */
    private static Script telling(Script alone, List<Action> actions, List<Integer> others) {
        List<String> words = new ArrayList<>();
        for (int other : others) {
            if (actions.get(other) instanceof Action.Unit unit) {
                words.addAll(List.of(unit.path(), Inits.boot(unit)));
            }
        }
        return with(alone, words);
    }

    private static Script with(Script alone, List<String> more) {
        List<String> words = new ArrayList<>(alone.arguments());
        words.addAll(more);
        return alone.with(words);
    }

    /**
     * Where the last unit did not come to its end, systemd is let know of those that are written.
     *
     * @param lost whether nobody knows how far they came: then it is not known of them either
     */
    private List<StepResult> known(List<Action> actions, List<StepResult> results, boolean lost) {
        List<Integer> units = units(actions);
        if (units.isEmpty() || (results.size() > units.getLast() && done(results.get(units.getLast())))) {
            return results;
        }
        List<Integer> written = units.stream()
                .filter(i -> i < results.size() && done(results.get(i)))
                .toList();
        if (written.isEmpty()) {
            return results;
        }
        StepResult told = lost ? results.getLast() : tell(actions, written);
        if (told instanceof StepResult.Failed) {
            written.forEach(i -> results.set(i, told));
        }
        return results;
    }

    private StepResult tell(List<Action> actions, List<Integer> written) {
        Action last = actions.get(written.getLast());
        HostAccess access = last.place().access();
        Fence fence = grant.fence(last.place().host());
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(access, fence);
        }
        List<Integer> others = written.subList(0, written.size() - 1);
        Script shown = telling(Local.script(last, open.lease()), actions, others);
        return Answered.by(access, shown, hosts.run(access, shown.with(open.before(shown.arguments()))));
    }

    private static boolean done(StepResult result) {
        return !(result instanceof StepResult.Failed);
    }

    private static Fence.Open begun(Fence.Open open) {
        return new Fence.Open(open.base(), open.lease(), 0);
    }
}
