package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.Script;

/** What an answer of a host's means for the step that it is of. */
final class Answered {
    private Answered() {}

    /** A script says by its last word whether it has changed anything. */
    static StepResult by(HostAccess access, Script script, Reply reply) {
        return switch (reply) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done
            when !done.ok() -> new StepResult.Failed(access + ": " + script.shown() + ": " + Building.said(done));
            case Reply.Done done -> {
                String out = done.out().strip();
                String detail = out.replace("\n", "; ");
                yield out.endsWith("unchanged") || out.equals("present")
                        ? new StepResult.Unchanged(detail)
                        : new StepResult.Changed(detail);
            }
        };
    }

    /** The host was not asked: the right to work there has ended. */
    static StepResult shut(HostAccess access, Fence fence) {
        String reason = fence instanceof Fence.Shut shut ? shut.reason() : "";
        return new StepResult.Failed(access + ": nothing was sent: " + reason);
    }
}
