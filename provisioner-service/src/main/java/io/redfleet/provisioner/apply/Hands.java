package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.AccessAction;
import io.redfleet.provisioner.plan.AccountAction;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.AgentAction;
import io.redfleet.provisioner.plan.FirewallAction;
import io.redfleet.provisioner.plan.OwnAction;
import io.redfleet.provisioner.plan.PackageAction;
import io.redfleet.provisioner.plan.PasswordAction;
import io.redfleet.provisioner.plan.RpmAction;
import io.redfleet.provisioner.plan.TreeAction;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Does one action on its host, under the operation's lease there. Blocks until it is done, at most its own deadline.
 *
 * <p>Every script proves on the host that the lease still lives before it changes anything; a file is uploaded beside its
 * target under the lease's name and moved into place by such a script, or comes with it.
 */
public final class Hands {
    static final Duration QUICK = Duration.ofSeconds(20);
    /** Each of up to three things that init is told has a minute; an instance's own patience begins after that. */
    static final Duration SYSTEMD = Duration.ofMinutes(3);
    /** Beyond the script's own patience: the way there and back. */
    static final Duration TRAVEL = Duration.ofSeconds(10);

    private final Hosts hosts;
    private final Freight freight;

    /** That bring nothing which does not fit into a script. */
    public Hands(Hosts hosts) {
        this(hosts, Freight.NONE);
    }

    public Hands(Hosts hosts, Freight freight) {
        this.hosts = hosts;
        this.freight = freight;
    }

    /**
     * @param cancelled ends a wait within seconds, and nothing that changes a host
     * @throws Ledger.Lost before anything is sent, if the work is another's
     */
    public StepResult perform(Action action, Grant grant, BooleanSupplier cancelled) {
        Reach on = new Reach(action.place(), grant);
        return switch (action) {
            case Action.Prepare it -> run(on, Local.script(it, ""));
            case Action.Note it -> run(on, Local.script(it, ""));
            case Action.WriteNew it -> it.place().byInit() ? make(on, it) : write(on, it);
            case Action.Unit it -> run(on, Local.script(it, ""));
            case Action.Guard it -> run(on, Local.script(it, ""));
            case Action.EndUnit it -> run(on, root(on, Inits.end(it), SYSTEMD));
            case Action.Rotate it -> run(on, Local.script(it, ""));
            case Action.Follow it -> run(on, "follow", QUICK, Asking.follow(it));
            case Action.Configure it -> run(on, "configure", QUICK, Asking.configure(it));
            case Action.Aside it -> run(on, "aside", QUICK, Asking.aside(it));
            case Action.Start it -> start(on, it);
            case Action.Stop it -> stop(on, it);
            case Action.Await it -> Waiting.of(it, cancelled, (most, words) -> asking(on, "await", most, words));
            case Action.Tell it -> asking(on, "tell", QUICK, Asking.tell(it));
            case Action.Reload it -> asking(on, "reload", QUICK.multipliedBy(2), Asking.reload(it));
            case AccessAction it -> run(on, entering(on, it));
            case AccountAction it ->
                machine(on, it.base(), root(on, "account", Accounting.PATIENCE, List.of()), Accounting.arguments(it));
            case Action.Switch it -> asking(on, "switch", Switching.most(it), Switching.arguments(it));
            case Action.AppendOnly it -> asking(on, "appendonly", it.patience(), Asking.appendOnly(it));
            case Action.Reset it -> asking(on, "reset", it.patience(), Forgetting.arguments(it));
            case Action.Exec it -> exec(on, it);
            case Action.Retire it -> run(on, "retire", QUICK, List.of(it.directory(), it.owner()));
            case Action.Archive it -> run(on, "archive", Archiving.PATIENCE, Archiving.arguments(it));
            case Action.Erase it -> run(on, "erase", Archiving.most(it), Archiving.arguments(it));
            case AgentAction.Agent it -> agent(on, it);
            case AgentAction.EndAgent it -> run(on, "unagent", it.patience(), Reporting.end(it));
            case AgentAction.AgentUnit it ->
                both(
                        on,
                        script(on, "agent-conf", QUICK, Reporting.file(it))
                                .carrying(it.agent().content()),
                        root(on, "unit-agent", it.agent().patience().plus(SYSTEMD), Reporting.unit(it)));
            case AgentAction.EndAgentUnit it ->
                both(
                        on,
                        root(on, "unit-unagent", SYSTEMD, List.of(it.unit(), it.mark())),
                        script(on, "unagent", it.end().patience(), Reporting.end(it.end())));
            case Action.Tune it ->
                machine(
                        on,
                        it.base(),
                        root(on, "tune", SYSTEMD, List.of(it.part().word())),
                        Tuning.set(it));
            case Action.Untune it ->
                machine(on, it.base(), root(on, "tune", SYSTEMD, List.of("restore")), Tuning.restore(it));
            case FirewallAction it -> new Wall(hosts, grant).perform(it);
            case PackageAction it ->
                machine(on, it.base(), root(on, "packages", Apt.PATIENCE, Apt.words(it)), Apt.arguments(it));
            case PasswordAction it ->
                run(
                        on,
                        Handover.of(
                                it,
                                (name, words) -> script(on, name, Handover.PATIENCE, words)
                                        .as(on.place().login())));
            case RpmAction it ->
                machine(on, it.base(), root(on, "packages-rpm", Dnf.PATIENCE, Dnf.words(it)), Dnf.arguments(it));
            case OwnAction it -> run(on, Adopting.script(it), QUICK, Adopting.arguments(it));
            case TreeAction it ->
                new Unpacking(hosts, freight)
                        .perform(it, (via, shown, words) -> new Hands(via).machine(on, it.base(), shown, words));
        };
    }

    /**
     * Several that are local to one host, as one user ({@link Stretch}), in one session.
     *
     * @return as {@link Together#perform} has it
     * @throws Ledger.Lost before anything is sent, if the work is another's
     */
    List<StepResult> together(List<Action> actions, Grant grant) {
        return new Together(hosts, grant).perform(actions);
    }

    /** Of what is built on no host that could be leased. */
    Building building(Runnable pause) {
        return new Building(hosts, freight, pause);
    }

    private StepResult start(Reach on, Action.Start it) {
        Place place = it.place();
        if (place.byInit()) {
            Script script = root(on, Inits.start(it), it.patience().plus(SYSTEMD));
            return run(on, script.as(place.login()));
        }
        String address = place.host().address();
        String seconds = "" + it.patience().toSeconds();
        return asking(
                on,
                "start",
                it.patience(),
                List.of(it.bin(), it.directory(), place.program(), address, place.port(), seconds));
    }

    private StepResult stop(Reach on, Action.Stop it) {
        return it.place().byInit()
                ? run(on, root(on, Inits.stop(it), it.patience().plus(SYSTEMD)))
                : run(on, "stop", it.patience(), Asking.stop(it));
    }

    /** The file may be there from an interrupted run, and may have been rewritten since: then it is Redis's own. */
    private StepResult write(Reach on, Action.WriteNew it) {
        StepResult looked = look(on, it.path());
        if (looked instanceof StepResult.Failed || looked.detail().contains("present")) {
            return looked;
        }
        Fence fence = on.fence();
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(on.access(), fence);
        }
        String staged = staged(it.path(), open.lease());
        return switch (hosts.put(on.access(), new RemoteFile(staged, it.content(), 0600, QUICK))) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done -> run(on, "settle", QUICK, List.of(it.path(), staged));
        };
    }

    /** Where the SSH user cannot upload: whom the directory belongs to writes it, of what comes with the script. */
    private StepResult make(Reach on, Action.WriteNew it) {
        Fence fence = on.fence();
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(on.access(), fence);
        }
        return run(on, Local.script(it, open.lease()));
    }

    /** Beside the agent's directory, which the script makes. */
    private StepResult agent(Reach on, AgentAction.Agent it) {
        Fence fence = on.fence();
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(on.access(), fence);
        }
        String cluster = it.directory().substring(0, it.directory().lastIndexOf('/'));
        String staged = staged(cluster + "/monitrc", open.lease());
        List<String> arguments =
                List.of(it.directory(), staged, it.owner(), "" + it.patience().toSeconds());
        return switch (hosts.put(on.access(), new RemoteFile(staged, it.content(), 0600, QUICK))) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done -> run(on, "agent", it.patience(), arguments);
        };
    }

    /** Beside the target; settle.sh, new.sh, erase.sh and agent.sh know the form. */
    static String staged(String path, String lease) {
        int slash = path.lastIndexOf('/') + 1;
        return path.substring(0, slash) + "." + path.substring(slash) + "." + lease + ".staged";
    }

    private StepResult look(Reach on, String path) {
        Fence fence = on.fence();
        Script script = script(on, "absent", QUICK, List.of(path));
        return fence instanceof Fence.Open
                ? Answered.by(on.access(), script, hosts.run(on.access(), script))
                : Answered.shut(on.access(), fence);
    }

    private static Script entering(Reach on, AccessAction it) {
        return script(on, Entering.script(it), Entering.PATIENCE, Entering.arguments(it))
                .carrying(Entering.carried(it))
                .as(on.place().login());
    }

    /** A script that speaks to the instance itself. */
    private StepResult asking(Reach on, String name, Duration patience, List<String> arguments) {
        return run(on, script(on, name, patience, arguments).as(on.place().login()));
    }

    private StepResult run(Reach on, String name, Duration patience, List<String> arguments) {
        return run(on, script(on, name, patience, arguments));
    }

    /**
     * It says itself how it ended, so the script's status only tells whether the host let it run. Root, where there is a way to
     * be root, for he can become somebody who owns nothing: the data belongs to redis.
     */
    private StepResult exec(Reach on, Action.Exec it) {
        Fence fence = on.fence();
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(on.access(), fence);
        }
        RunAs by = it.place().byInit() ? RunAs.ROOT : RunAs.LOGIN;
        Script script = script(on, "exec", Exec.PATIENCE, Exec.arguments(it)).by(by);
        return Exec.result("" + on.access(), it, hosts.run(on.access(), script.with(open.before(script.arguments()))));
    }

    /** The second only where the first has not failed: what belongs to redis is redis's to do, a unit is root's. */
    private StepResult both(Reach on, Script first, Script second) {
        StepResult result = run(on, first);
        return result instanceof StepResult.Failed ? result : run(on, second);
    }

    private StepResult run(Reach on, Script script) {
        return sent(on, script, open -> open.before(script.arguments()));
    }

    /** @param shown with what to tell people in place of whole files */
    private StepResult machine(Reach on, String base, Script shown, List<String> arguments) {
        return sent(on, shown, open -> open.at(base).before(arguments));
    }

    private StepResult sent(Reach on, Script shown, Function<Fence.Open, List<String>> arguments) {
        Fence fence = on.fence();
        if (!(fence instanceof Fence.Open open)) {
            return Answered.shut(on.access(), fence);
        }
        StepResult result = Answered.by(on.access(), shown, hosts.run(on.access(), shown.with(arguments.apply(open))));
        if (!(result instanceof StepResult.Failed)) {
            on.grant().begun();
        }
        return result;
    }

    /** As whom the instance's directory belongs to. */
    private static Script script(Reach on, String name, Duration patience, List<String> arguments) {
        return Scripts.of(Hands.class, name, patience.plus(TRAVEL), arguments)
                .by(on.place().keeper());
    }

    /** On paths that nobody but root can change. */
    private static Script root(Reach on, String name, Duration patience, List<String> arguments) {
        return script(on, name, patience, arguments).by(RunAs.ROOT);
    }

    private static Script root(Reach on, Inits.Call call, Duration patience) {
        return root(on, call.script(), patience, call.arguments());
    }

    /** A host, and the right to work there. */
    private record Reach(Place place, Grant grant) {
        HostAccess access() {
            return place.access();
        }

        Fence fence() {
            return grant.fence(place.host());
        }
    }
}
