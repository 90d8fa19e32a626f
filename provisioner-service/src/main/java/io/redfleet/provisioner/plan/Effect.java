package io.redfleet.provisioner.plan;

import java.util.Locale;

/** What a step costs whoever uses the cluster meanwhile. */
public enum Effect {
    /** Nothing that runs is touched: files, notes, waiting, and Monit, which only looks. */
    NONE,
    /** Something that runs is changed, an instance or the machine, and goes on running. */
    LIVE,
    /** An instance that does not run is started. */
    START,
    /** An instance is stopped, and stays so. */
    STOP,
    /** An instance is stopped, and started again by a later step of the same plan. */
    RESTART;

    /** As JSON and people have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of an action by itself. */
    static Effect of(Action action) {
        return switch (action) {
            case Action.Prepare prepare -> NONE;
            case Action.Note note -> NONE;
            case Action.WriteNew write -> NONE;
            case Action.Follow follow -> NONE;
            case Action.Configure configure -> NONE;
            case Action.Aside aside -> NONE;
            case Action.Start start -> START;
            case Action.Stop stop -> STOP;
            case Action.Await await -> NONE;
            case Action.Tell tell -> LIVE;
            case Action.Reload reload -> LIVE;
            case AccessAction access -> LIVE;
            case AccountAction account -> LIVE;
            case Action.Switch other -> LIVE;
            case Action.AppendOnly appendOnly -> LIVE;
            case Action.Reset reset -> LIVE;
            case Action.Archive archive -> NONE;
            case Action.Erase erase -> NONE;
            case Action.Retire retire -> NONE;
            case AgentAction.Agent agent -> NONE;
            case AgentAction.EndAgent end -> NONE;
            case AgentAction.AgentUnit agent -> NONE;
            case AgentAction.EndAgentUnit end -> NONE;
            case OwnAction own -> NONE;
            case Action.Unit unit -> NONE;
            case Action.Guard guard -> NONE;
            case Action.EndUnit end -> NONE;
            case Action.Rotate rotate -> NONE;
            case Action.Tune tune -> LIVE;
            case Action.Untune back -> LIVE;
            case FirewallAction filter -> LIVE;
            case PackageAction packages -> LIVE;
            case PasswordAction password -> LIVE;
            case RpmAction packages -> LIVE;
            case TreeAction trees -> NONE;
            // What it does nobody knows; the instance is not stopped for it.
            case Action.Exec exec -> LIVE;
        };
    }
}
