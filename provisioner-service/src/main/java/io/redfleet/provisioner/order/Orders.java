package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.desired.Revision;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Adoption;
import io.redfleet.provisioner.plan.LeavingPlan;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.PlanId;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.plan.RollingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers orders: accepts, refuses or tells. An order read twice has the effect of one. */
public final class Orders {
    private final Desk desk;
    private final Drafts drafts;
    private final Secrets secrets;
    private final Interventions interventions;
    private final HostQuestions questions;
    private final Ends ends;

    public Orders(Desk desk) {
        this.desk = desk;
        this.drafts = new Drafts(desk);
        this.secrets = new Secrets(desk);
        this.interventions = new Interventions(desk);
        this.questions = new HostQuestions(desk, this, interventions);
        this.ends = new Ends(desk, this, interventions);
    }

    /** @param done called once the order's outcome is on the bus and a crash would lose nothing */
    public void take(Order order, Runnable done) {
        if (!(order.request() instanceof Request.ToProvisioner request)) {
            done.run();
            return;
        }
        try {
            take(order, request, done);
        } catch (RuntimeException thrown) {
            failed(order, thrown);
            done.run();
        }
    }

    private void failed(Order order, RuntimeException thrown) {
        Problem problem = thrown instanceof Ledger.Unwritable unwritable
                ? Problem.of(413, "Too large", String.valueOf(unwritable.getMessage()))
                : Problem.of(500, "Internal error", desk.fault("order " + order.id(), thrown));
        desk.refuse(order, problem);
    }

    private void take(Order order, Request.ToProvisioner request, Runnable done) {
        if (repeated(order) || turnedAway(order) || Observed.refused(desk, order, request)) {
            done.run();
            return;
        }
        switch (request) {
            case Request.Apply apply -> apply(order, apply, done);
            case Request.TakeIn take -> new TakeIns(desk, this, drafts).take(order, take, done);
            case Request.ShowPlan show ->
                withCluster(order, done, cluster -> plan(order, cluster, Restarts.none(), done));
            case Request.ShowSudoers show ->
                withCluster(order, done, cluster -> {
                    Privileges.show(desk, order, cluster);
                    done.run();
                });
            case Request.ShowVerification show ->
                withCluster(
                        order,
                        done,
                        cluster -> show(order, done, () -> desk.parts().crew().verify(cluster)));
            case Request.Delete delete ->
                withCluster(order, done, cluster -> ends.remove(order, Ends.Words.of(delete), cluster, done));
            case Request.DeleteArchived delete ->
                withCluster(order, done, cluster -> ends.remove(order, Ends.Words.of(delete), cluster, done));
            case Request.ShowRemoval show ->
                withCluster(order, done, cluster -> ends.show(order, Ends.Words.of(show), cluster, done));
            case Request.Run run -> withCluster(order, done, cluster -> questions.run(order, run, cluster, done));
            case Request.SwitchOver over ->
                withCluster(order, done, cluster -> questions.switchOver(order, over, cluster, done));
            case Request.Roll roll -> withCluster(order, done, cluster -> questions.roll(order, roll, cluster, done));
            case Request.CancelOperation cancel -> {
                interventions.cancel(order, cancel);
                done.run();
            }
            case Request.Reveal reveal ->
                withCluster(order, done, cluster -> {
                    secrets.reveal(order, reveal, cluster);
                    done.run();
                });
            case Request.RotateSecret rotate ->
                withCluster(order, done, cluster -> new Rotations(desk).rotate(order, rotate, cluster, this, done));
            case Request.ResumeOperation resume ->
                withCluster(order, done, cluster -> {
                    interventions.resume(order, resume, cluster);
                    done.run();
                });
        }
    }

    /** Whether this command was answered before; then it is told the same again. */
    boolean repeated(Order order) {
        Optional<Outcome.Result> before = desk.answered(order);
        before.ifPresent(result -> desk.answer(order, result, List.of()));
        return before.isPresent();
    }

    /** Too late, or of a parked cluster. Judged again right before it is accepted, where hosts were asked in between. */
    boolean turnedAway(Order order) {
        Optional<Problem> refusal = desk.parking().refusal(order, desk.now());
        refusal.ifPresent(problem -> desk.refuse(order, problem));
        return refusal.isPresent();
    }

    private void withCluster(Order order, Runnable done, Consumer<ClusterState> work) {
        Optional<ClusterState> cluster = desk.cluster(order.cluster());
        if (cluster.isEmpty()) {
            desk.refuse(order, Problem.notFound("no cluster " + order.cluster()));
            done.run();
        } else {
            work.accept(cluster.get());
        }
    }

    void apply(Order order, Request.Apply apply, Runnable done) {
        switch (drafts.read(order, apply)) {
            case SpecReader.Bad bad -> {
                drafts.refused(order, apply, Problem.invalid(bad.violations()));
                done.run();
            }
            case SpecReader.Good good -> follow(order, apply, good.spec(), good.acceptRevision(), done);
        }
    }

    private void follow(Order order, Request.Apply apply, ClusterSpec spec, long accepts, Runnable done) {
        synchronized (desk) {
            Revision.Decision decision = decide(order, apply, spec, accepts);
            boolean asks = apply.plan() != null || apply.mayRestart() || apply.adopts();
            switch (decision) {
                case Revision.No no -> {
                    drafts.refused(order, apply, no.problem());
                    done.run();
                }
                case Revision.Next next when apply.dryRun() -> plan(order, next.state(), restarts(apply), done);
                // Before the hosts are asked, and again after.
                case Revision.Next next when !order.mayWait() && occupied(order, apply) -> done.run();
                case Revision.Next next
                when asks || !next.state().leavers().isEmpty() ->
                    ask(order, done, () -> asPlanned(order, apply, spec, accepts, next.state()));
                case Revision.Next next -> {
                    accept(order, apply, next.state(), new Task.Provision());
                    done.run();
                }
            }
        }
    }

    private Revision.Decision decide(Order order, Request.Apply apply, ClusterSpec spec, long accepts) {
        @Nullable ClusterState standing = desk.cluster(order.cluster()).orElse(null);
        Revision.Expected expected = Revision.Expected.of(apply, accepts);
        if (standing != null && interrupted(standing, spec)) {
            expected = expected.ofWhateverStands();
        }
        return Revision.follow(standing, spec, expected, desk.parts().uids(), desk.now());
    }

    /** @param looked what would stand, as far as was known before the hosts were looked at */
    private void asPlanned(Order order, Request.Apply apply, ClusterSpec spec, long accepts, ClusterState looked) {
        String planned = Objects.requireNonNullElse(apply.plan(), "");
        Restarts restarts = restarts(apply);
        Plan plan = desk.parts().plan(looked, restarts);
        Optional<String> moved = PlanId.moved(planned, looked, plan)
                .or(() -> LeavingPlan.forbidden(looked, plan))
                .or(() -> RollingPlan.forbidden(plan, restarts))
                .or(() -> Adoption.forbidden(plan, apply.adopts()));
        synchronized (desk) {
            // It may have come twice, and both were being looked at.
            if (repeated(order) || turnedAway(order)) {
                return;
            }
            Optional<String> working = planned.isEmpty() ? Optional.empty() : interventions.working(order, planned);
            Optional<String> refusal = working.or(() -> moved);
            if (refusal.isPresent()) {
                drafts.refused(order, apply, Problem.conflict(refusal.get()));
                return;
            }
            switch (decide(order, apply, spec, accepts)) {
                case Revision.No no -> drafts.refused(order, apply, no.problem());
                case Revision.Next next
                when next.state().revision() != looked.revision() -> {
                    String detail =
                            "another spec came meanwhile, so the plan that was looked at is out of date: plan again";
                    drafts.refused(order, apply, Problem.conflict(detail));
                }
                // Looked at once more before its first step.
                case Revision.Next next -> accept(order, apply, next.state(), new Task.Provision(planned, restarts));
            }
        }
    }

    /** The record was written and we died before the operation's: the same order comes again. */
    private boolean interrupted(ClusterState standing, ClusterSpec spec) {
        return standing.phase() == Phase.ACCEPTED
                && standing.spec().equals(spec)
                && desk.line(standing.name()).idle();
    }

    private static Restarts restarts(Request.Apply apply) {
        return apply.mayRestart()
                ? new Restarts.Needed(Objects.requireNonNullElse(apply.outage(), ""), apply.untilMaster() != null)
                : Restarts.none();
    }

    /** A spec that is refused for who is in the way is told of, too; waiting makes no plan true that was seen before. */
    private boolean occupied(Order order, Request.Apply apply) {
        return interventions.occupied(order, problem -> {
            Optional<String> working =
                    Optional.ofNullable(apply.plan()).flatMap(plan -> interventions.working(order, plan));
            drafts.refused(order, apply, working.map(Problem::conflict).orElse(problem));
        });
    }

    private void accept(Order order, Request.Apply apply, ClusterState wanted, Task.Provision task) {
        @Nullable ClusterState standing = desk.cluster(order.cluster()).orElse(null);
        if (occupied(order, apply)) {
            return;
        }
        List<Position> positions = new ArrayList<>();
        boolean closes = standing == null && wanted.spec().security().generated();
        if (closes || wanted.spec().monit().on()) {
            String trouble = secrets.trouble();
            if (!trouble.isEmpty()) {
                desk.refuse(order, Problem.of(503, "No key", "passwords cannot be made: " + trouble));
                return;
            }
        }
        Optional<Problem> shut = secrets.entrusted(standing, wanted, positions);
        if (shut.isPresent()) {
            desk.refuse(order, shut.get());
            return;
        }
        if (closes) {
            positions.addAll(secrets.make(wanted));
        }
        ClusterState next = secrets.known(wanted);
        boolean told =
                standing != null && standing.revision() == next.revision() && !interrupted(standing, next.spec());
        positions.add(desk.stands(next));
        if (!told) {
            desk.legacy().accepted(next);
        }
        desk.accept(order, next, task, positions);
    }

    private void plan(Order order, ClusterState cluster, Restarts restarts, Runnable done) {
        show(order, done, () -> desk.parts().plan(cluster, restarts).shown(cluster));
    }

    void show(Order order, Runnable done, Supplier<Object> question) {
        ask(order, done, () -> {
            desk.answer(order, new Outcome.Answered(desk.parts().documents().write(question.get())), List.of());
        });
    }

    /** Asks hosts on another thread than the one that reads orders. */
    void ask(Order order, Runnable done, Runnable question) {
        desk.parts().operations().execute(() -> {
            try {
                answered(order, question);
                done.run();
            } catch (Ledger.Lost lost) {
                // Not done: the next owner reads the order again.
                return;
            }
        });
    }

    private void answered(Order order, Runnable question) {
        try {
            question.run();
        } catch (RuntimeException thrown) {
            failed(order, thrown);
        }
    }
}
