package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.apply.Journal;
import io.redfleet.provisioner.apply.Leases;
import io.redfleet.provisioner.apply.PlanRun;
import io.redfleet.provisioner.apply.Provisioning;
import io.redfleet.provisioner.gate.SwitchGate;
import io.redfleet.provisioner.gate.Verdict;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Those who do the work of an operation, on its own thread. Blocks for as long as the work takes. */
public final class Crew {
    private final Provisioning provisioning;
    private final Removal removal;
    private final InstanceWork instances;
    private final SwitchWork switches;
    private final PasswordWork passwords;
    private final Inquest inquest;

    public Crew(Surveyor surveyor, PlanRun run, Leases leases, InstantSource clock) {
        this.provisioning = new Provisioning(surveyor, run, leases);
        this.removal = new Removal(surveyor, run, leases);
        this.instances = new InstanceWork(surveyor, run, leases, clock);
        this.switches = new SwitchWork(surveyor, run, leases);
        this.passwords = new PasswordWork(surveyor, run, leases);
        this.inquest = new Inquest(surveyor, leases);
    }

    /** @param brake asked by automatic action just before it begins: what forbids it by now */
    Ending carryOut(
            Task task,
            ClusterState cluster,
            Journal journal,
            BooleanSupplier cancelled,
            Supplier<Optional<Verdict.Withheld>> brake) {
        return switch (task) {
            case Task.Provision provision ->
                provisioning.carryOut(cluster, provision.plan(), provision.restarts(), journal, cancelled);
            case Task.Roll roll -> provisioning.roll(cluster, roll.outage(), journal, cancelled);
            case Task.Remove remove -> removal.carryOut(cluster, remove.fate(), journal, cancelled);
            case Task.Run run -> instances.carryOut(cluster, run, journal, cancelled);
            case Task.SwitchOver over -> switches.carryOut(cluster, over, journal, cancelled);
            case Task.Switched switched -> switches.after(cluster, journal);
            case Task.Rotate rotate -> passwords.carryOut(cluster, rotate, journal, cancelled);
            case Task.Remedy remedy -> instances.carryOut(cluster, remedy, journal, cancelled, brake);
            case Task.Interrupted interrupted -> inquest.carryOut(cluster, interrupted, journal);
        };
    }

    Plan plan(ClusterState cluster, Restarts restarts) {
        return provisioning.plan(cluster, restarts);
    }

    /** As {@link #plan}, of a cluster that stands, and without restarts. */
    Plan look(ClusterState cluster) {
        return provisioning.look(cluster);
    }

    /** What a removal would do now, and what would stay, as JSON has it. */
    Map<String, Object> removal(ClusterState cluster, Fate fate, List<String> lost) {
        return removal.shown(cluster, fate, lost);
    }

    /** Why hosts that are called lost are not; empty: they are. */
    Optional<String> answering(ClusterState cluster, List<String> lost) {
        return removal.answering(cluster, lost);
    }

    /** Changes nothing. */
    Verification verify(ClusterState cluster) {
        return provisioning.verify(cluster);
    }

    /** What the gate says now; it is asked again when the work begins. */
    Verdict ask(ClusterState cluster, Task.Run run) {
        return instances.ask(cluster, run);
    }

    /** Why it is not begun now; empty: it may be. */
    Optional<String> refusal(ClusterState cluster, Task.Roll roll) {
        return provisioning.whyNoRoll(cluster, roll.outage());
    }

    /** As {@link PasswordWork#refusal} has it. */
    Optional<String> whyNoRotation(ClusterState cluster, boolean fresh) {
        return passwords.refusal(cluster, fresh);
    }

    SwitchGate.Judgement ask(ClusterState cluster, Task.SwitchOver over) {
        return switches.ask(cluster, over);
    }

    Verdict ask(ClusterState cluster, Task.Remedy remedy) {
        return instances.ask(cluster, remedy);
    }
}
