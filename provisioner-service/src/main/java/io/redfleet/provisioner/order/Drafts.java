package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.SecuritySpec;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.AgentRules;
import io.redfleet.provisioner.desired.GroupRules;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.reach.Reach;
import java.util.ArrayList;
import java.util.List;

/** Specs that come in: read and judged by themselves, and told of when they are not taken. */
final class Drafts {
    private final Desk desk;

    Drafts(Desk desk) {
        this.desk = desk;
    }

    SpecReader.Reading read(Order order, Request.Apply apply) {
        Object tree;
        try {
            tree = desk.parts().documents().parse(apply.document());
        } catch (Documents.NotJson e) {
            String said = String.valueOf(e.getMessage());
            return new SpecReader.Bad(List.of(new Violation("(document)", "", "must be JSON: " + said)));
        }
        // Who says nothing about it keeps what stands; a new cluster lets nobody in without a password.
        SecuritySpec unsaid = desk.cluster(order.cluster())
                .map(standing -> standing.spec().security())
                .orElse(new SecuritySpec(SecuritySpec.Acl.GENERATED));
        SpecReader.Reading reading = SpecReader.read(tree, unsaid);
        if (reading instanceof SpecReader.Good good && !good.spec().name().equals(order.cluster())) {
            String rule = "must be the cluster that the request names: " + order.cluster();
            return new SpecReader.Bad(
                    List.of(new Violation("metadata.name", good.spec().name().value(), rule)));
        }
        if (reading instanceof SpecReader.Good good) {
            List<Violation> broken =
                    new ArrayList<>(Reach.judge(good.spec(), desk.parts().keys()));
            broken.addAll(Reach.judgeBuild(good.spec(), desk.parts().keys()));
            broken.addAll(Reach.judgeProbe(good.spec(), desk.parts().vault().given()));
            broken.addAll(AgentRules.judge(good.spec(), desk.parts().vault().collector()));
            broken.addAll(GroupRules.clashes(good.spec(), desk.clusters()));
            return broken.isEmpty() ? reading : new SpecReader.Bad(broken);
        }
        return reading;
    }

    /** A spec that is not taken is a fact for the audit trail, whatever the reason; one that was only tried out is none. */
    void refused(Order order, Request.Apply apply, Problem problem) {
        if (!apply.dryRun()) {
            ClusterUid uid =
                    desk.cluster(order.cluster()).map(ClusterState::uid).orElse(ClusterUid.FLEET);
            List<Violation> errors = problem.errors();
            String reason = errors.isEmpty()
                    ? problem.detail()
                    : errors.size() + " rule(s) broken, first "
                            + errors.getFirst().field();
            About about =
                    new About(order.cluster(), uid, null, reason, order.id().value(), order.actor());
            OperationEvent.Refused event = new OperationEvent.Refused(errors);
            String id = Fact.id(order.cluster(), order.id(), "refused");
            desk.parts().ledger().tell(new Fact(id, desk.now(), about, event));
        }
        desk.refuse(order, problem);
    }
}
