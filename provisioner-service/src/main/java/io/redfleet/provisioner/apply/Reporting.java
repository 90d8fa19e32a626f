package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.AgentAction;
import java.util.List;

/** What the scripts of a Monit that reports are told. */
final class Reporting {
    private Reporting() {}

    /** agent-conf.sh, which finds the control file itself on its standard input. */
    static List<String> file(AgentAction.AgentUnit it) {
        return List.of(it.agent().directory(), it.agent().owner(), it.binary());
    }

    /** unit-agent.sh. */
    static List<String> unit(AgentAction.AgentUnit it) {
        String seconds = "" + it.agent().patience().toSeconds();
        return List.of(it.unit(), it.agent().directory(), it.taken(), seconds);
    }

    /** unagent.sh. */
    static List<String> end(AgentAction.EndAgent it) {
        return List.of(it.directory(), it.owner(), "" + it.patience().toSeconds());
    }
}
