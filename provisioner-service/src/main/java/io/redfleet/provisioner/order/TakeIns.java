package io.redfleet.provisioner.order;

import io.redfleet.adopt.Choice;
import io.redfleet.adopt.Draft;
import io.redfleet.adopt.Survey;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.reach.Addresses;
import io.redfleet.provisioner.reach.SurveyReach;
import io.redfleet.provisioner.secret.GivenPasswords;
import io.redfleet.provisioner.secret.Locksmith;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Clusters of somebody else's that are taken in: asked what they are, and then accepted as the spec of an apply that creates one
 * with {@code manage: observe}, by the rules of that apply. Nothing is written to a node before, then or after (decision 0038).
 */
final class TakeIns {
    /** As a spec has it that says nothing of it. */
    private static final String USUAL_KEY = "default";

    private final Desk desk;
    private final Orders orders;
    private final Drafts drafts;

    TakeIns(Desk desk, Orders orders, Drafts drafts) {
        this.desk = desk;
        this.orders = orders;
        this.drafts = drafts;
    }

    void take(Order order, Request.TakeIn asked, Runnable done) {
        Optional<Problem> refusal = refusal(order, asked);
        if (refusal.isPresent()) {
            desk.refuse(order, refusal.get());
            done.run();
            return;
        }
        orders.ask(order, done, () -> survey(order, asked));
    }

    /** Before anybody is asked anything. */
    private Optional<Problem> refusal(Order order, Request.TakeIn asked) {
        List<Violation> broken = TakeInRules.judge(order.cluster(), asked);
        if (broken.isEmpty()) {
            broken = reach(asked).judge(order.cluster(), TakenDraft.labels(asked));
        }
        return broken.isEmpty() ? stands(order) : Optional.of(Problem.invalid(broken));
    }

    /** One that was written down by an owner who died before its operation was comes here again, and goes on. */
    private Optional<Problem> stands(Order order) {
        return desk.cluster(order.cluster())
                .filter(standing -> standing.phase() != Phase.ACCEPTED
                        || !desk.line(standing.name()).idle())
                .map(standing -> Problem.conflict("cluster " + standing.name()
                        + " stands already: nothing was taken in; say another name, or apply a spec to that one"));
    }

    private SurveyReach reach(Request.TakeIn asked) {
        String key = Objects.requireNonNullElse(asked.key(), USUAL_KEY);
        String probe = asked.probe();
        GivenPasswords given = desk.parts().vault().given();
        return new SurveyReach(
                new SurveyReach.Bound(key, desk.parts().keys().of(key)),
                probe == null ? null : new SurveyReach.Bound(probe, given.of(probe)),
                Addresses.literal(asked.sentinel()).orElse(null));
    }

    /** On a thread of the operations. */
    private void survey(Order order, Request.TakeIn asked) {
        SurveyReach reach = reach(asked);
        Secret password = Secret.of("");
        String probe = asked.probe();
        if (probe != null) {
            switch (desk.parts().vault().given().password(probe)) {
                case Locksmith.Opened opened -> password = opened.secret();
                case Locksmith.Closed closed -> {
                    desk.refuse(order, Problem.conflict("nobody could log in to its nodes: " + closed.reason()));
                    return;
                }
            }
        }
        String user = Objects.requireNonNullElse(asked.user(), "");
        Endpoint first = new Endpoint(asked.sentinel(), asked.port());
        Surveys.Came came =
                desk.parts().surveys().look(new Surveys.Wish(first, choice(order, asked), reach, user, password));
        synchronized (desk) {
            // It may have come twice, and both were surveying.
            if (orders.repeated(order) || orders.turnedAway(order)) {
                return;
            }
            switch (came) {
                case Surveys.Full full -> desk.refuse(order, Problem.of(503, "Busy", full.why()));
                case Surveys.Looked looked -> looked(order, asked, looked.result());
            }
        }
    }

    private static Choice choice(Order order, Request.TakeIn asked) {
        String master = asked.master();
        if (master != null) {
            return new Choice.Named(master);
        }
        return order.cluster().isFleet() ? new Choice.All() : new Choice.TheOnlyOne();
    }

    private void looked(Order order, Request.TakeIn asked, Survey.Result result) {
        switch (result) {
            case Survey.Unreachable away -> desk.refuse(order, nothing(away.why()));
            case Survey.Refused refused -> desk.refuse(order, nothing(refused.why()));
            case Survey.Seen seen -> {
                if (asked.dryRun()) {
                    show(order, asked, seen.drafts());
                } else {
                    accept(order, new TakenDraft(seen.drafts().getFirst(), asked, order.cluster()));
                }
            }
        }
    }

    private static Problem nothing(String why) {
        return Problem.conflict(why + ": nothing was taken in");
    }

    private void show(Order order, Request.TakeIn asked, List<Draft> seen) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sentinel", new Endpoint(asked.sentinel(), asked.port()).toString());
        tree.put(
                "drafts",
                seen.stream()
                        .map(draft -> new TakenDraft(draft, asked, order.cluster()))
                        .map(taken -> taken.shown(broken(order, taken)))
                        .toList());
        desk.answer(order, new Outcome.Answered(desk.parts().documents().write(tree)), List.of());
    }

    /** Why it would be refused, beside what it lacks; of a draft that nobody has named nothing is known. */
    private List<Violation> broken(Order order, TakenDraft taken) {
        boolean judged = !order.cluster().isFleet() && taken.blanks().isEmpty();
        return judged && drafts.read(order, apply(taken)) instanceof SpecReader.Bad bad ? bad.violations() : List.of();
    }

    private void accept(Order order, TakenDraft taken) {
        List<Violation> missing = taken.missing();
        if (!missing.isEmpty()) {
            desk.refuse(order, Problem.invalid(missing));
            return;
        }
        Request.Apply apply = apply(taken);
        List<ClusterState> others = desk.clusters();
        Optional<String> elsewhere = drafts.read(order, apply) instanceof SpecReader.Good good
                ? TakenDraft.elsewhere(good.spec(), others)
                : Optional.empty();
        if (elsewhere.isPresent()) {
            drafts.refused(order, apply, Problem.conflict(elsewhere.get()));
            return;
        }
        // Who asked says himself that he is done.
        orders.apply(order, apply, () -> {});
    }

    private Request.Apply apply(TakenDraft taken) {
        return new Request.Apply(desk.parts().documents().write(taken.document()), null, true, false);
    }
}
