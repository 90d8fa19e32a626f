package io.redfleet.contracts.wire;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.operation.OperationId;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a service. Each case says who carries it out; the record's simple name in lower camel case is its
 * {@code type} on the wire.
 */
public sealed interface Request {
    /** The one service that answers this. */
    ServiceName to();

    /** A request that the provisioner carries out. */
    sealed interface ToProvisioner extends Request {
        @Override
        default ServiceName to() {
            return ServiceName.PROVISIONER;
        }
    }

    /** A request that the monitor carries out. */
    sealed interface ToMonitor extends Request {
        @Override
        default ServiceName to() {
            return ServiceName.MONITOR;
        }
    }

    /** A request that the alert-service carries out. */
    sealed interface ToAlert extends Request {
        @Override
        default ServiceName to() {
            return ServiceName.ALERT;
        }
    }

    /**
     * Make this spec true.
     *
     * @param document the spec as JSON text, as the operator wrote it; judged by the provisioner
     * @param expectedRevision the revision it was made from (If-Match); null: whatever is there
     * @param create whether the cluster must not exist yet
     * @param dryRun answer with the plan and change nothing
     * @param plan the id of the plan that was seen: carried out if it is still what would be done, else refused; null:
     *     whatever is to be done
     * @param remove hosts and instances that the spec leaves out and that are to leave the cluster; null: none
     * @param lost hosts that the spec leaves out because their machines are lost for good; null: none
     * @param rolling whether instances that run may be restarted, one after the other, where a difference needs it; null: no
     * @param outage the id of the master, typed by whoever accepts that it is restarted though nobody can take its place;
     *     null: nobody does
     * @param adopt whether a cluster that is observed may become one that is managed, where it is and without a restart; null: no
     * @param untilMaster whether restarts are agreed to as by {@code rolling}, but for the master's and the change of master before
     *     it; null: no. In place of {@code rolling}, not beside it: a provisioner of before would not stop
     */
    record Apply(
            String document,
            @Nullable Long expectedRevision,
            boolean create,
            boolean dryRun,
            @Nullable String plan,
            @Nullable List<String> remove,
            @Nullable List<String> lost,
            @Nullable Boolean rolling,
            @Nullable String outage,
            @Nullable Boolean adopt,
            @Nullable Boolean untilMaster)
            implements ToProvisioner {
        public Apply {
            remove = remove == null || remove.isEmpty() ? null : List.copyOf(remove);
            lost = lost == null || lost.isEmpty() ? null : List.copyOf(lost);
            rolling = Boolean.TRUE.equals(rolling) ? Boolean.TRUE : null;
            outage = outage == null || outage.isEmpty() ? null : outage;
            adopt = Boolean.TRUE.equals(adopt) ? Boolean.TRUE : null;
            untilMaster = Boolean.TRUE.equals(untilMaster) ? Boolean.TRUE : null;
        }

        /** Nobody leaves, and nothing that runs is restarted. */
        public Apply(
                String document,
                @Nullable Long expectedRevision,
                boolean create,
                boolean dryRun,
                @Nullable String plan) {
            this(document, expectedRevision, create, dryRun, plan, null, null, null, null, null, null);
        }

        /** Whatever is to be done. */
        public Apply(String document, @Nullable Long expectedRevision, boolean create, boolean dryRun) {
            this(document, expectedRevision, create, dryRun, null);
        }

        /** The same wish, held to what is said to stand. */
        public Apply heldTo(@Nullable Long revision, boolean absent) {
            return new Apply(
                    document, revision, absent, dryRun, plan, remove, lost, rolling, outage, adopt, untilMaster);
        }

        /** Whether restarts are agreed to, all or up to the master. */
        public boolean mayRestart() {
            return rolling != null || untilMaster != null;
        }

        /** Whether a cluster that is observed may be taken over. */
        public boolean adopts() {
            return adopt != null;
        }
    }

    /**
     * Take in a cluster that runs already, from the address of one of its Sentinels: it is asked what it is, and observed from then
     * on. The order's cluster is what it is to be called; {@code ClusterName.FLEET} in a dry run that drafts all masters.
     *
     * @param sentinel its name or address
     * @param port the Sentinel's
     * @param master the master's name at its Sentinels; null: the only one, or all of them where the cluster is not named either
     * @param labels what the cluster bears, in one order whatever order they were given in; null: none
     * @param key the SSH key whose limits hold for whoever is asked; it is not used; null: {@code default}
     * @param probe the file with the password that nodes ask for, by its name; null: they ask for none
     * @param user whose password that is; null: Redis's own user
     * @param dryRun answer with the drafts as JSON and change nothing
     */
    record TakeIn(
            String sentinel,
            int port,
            @Nullable String master,
            @Nullable List<Label> labels,
            @Nullable String key,
            @Nullable String probe,
            @Nullable String user,
            boolean dryRun)
            implements ToProvisioner {
        public TakeIn {
            labels = labels == null || labels.isEmpty()
                    ? null
                    : labels.stream()
                            .distinct()
                            .sorted(Comparator.comparing(Label::value))
                            .toList();
        }
    }

    /** What would change now; answered with the plan as JSON. */
    record ShowPlan() implements ToProvisioner {}

    /** What an admin of the cluster's hosts has to allow the SSH users; answered as JSON, no host is asked. */
    record ShowSudoers() implements ToProvisioner {}

    /** Whether the cluster is as its spec says; answered with an {@code operation.Verification} as JSON. */
    record ShowVerification() implements ToProvisioner {}

    /**
     * Decommission.
     *
     * @param confirm the cluster's name, typed by the operator
     * @param lost hosts whose machines are lost for good: nothing on them is touched; null: none, every host has to answer
     */
    record Delete(
            String confirm, boolean keepData, @Nullable List<String> lost) implements ToProvisioner {
        public Delete {
            lost = named(lost);
        }

        /** Every host has to answer. */
        public Delete(String confirm, boolean keepData) {
            this(confirm, keepData, null);
        }
    }

    /**
     * Decommission, and remove the data once an archive of it lies beside it. Not a case of {@link Delete}: a provisioner of
     * before would remove it without one.
     *
     * @param confirm the cluster's name, typed by the operator
     * @param lost as in {@link Delete}
     */
    record DeleteArchived(String confirm, @Nullable List<String> lost) implements ToProvisioner {
        public DeleteArchived {
            lost = named(lost);
        }

        /** Every host has to answer. */
        public DeleteArchived(String confirm) {
            this(confirm, null);
        }
    }

    /**
     * What a removal would do now, and what would stay; answered with the plan as JSON. Not a case of {@link Delete}, which a
     * provisioner of before would carry out.
     *
     * @param archive whether an archive is kept of data that is removed; false where it is kept
     * @param lost as in {@link Delete}
     */
    record ShowRemoval(
            boolean keepData, boolean archive, @Nullable List<String> lost) implements ToProvisioner {
        public ShowRemoval {
            lost = named(lost);
        }

        /** Every host has to answer. */
        public ShowRemoval(boolean keepData, boolean archive) {
            this(keepData, archive, null);
        }
    }

    /**
     * Start, stop or restart one instance.
     *
     * @param confirm the exact word that allows what the gate would refuse (see its refusal); empty otherwise
     */
    record Run(InstanceId instance, Verb verb, String confirm) implements ToProvisioner {}

    /**
     * Another data node becomes master, while the present one lives, and no acknowledged write is lost.
     *
     * @param successor which; null: whom Sentinel chooses
     */
    record SwitchOver(@Nullable InstanceId successor) implements ToProvisioner {}

    /**
     * Restart every instance once, one after the other.
     *
     * @param outage as in {@link Apply}
     */
    record Roll(@Nullable String outage) implements ToProvisioner {
        public Roll {
            outage = outage == null || outage.isEmpty() ? null : outage;
        }
    }

    /** What {@link Run} does. */
    enum Verb {
        START,
        STOP,
        RESTART
    }

    record CancelOperation(OperationId operation) implements ToProvisioner {}

    record ResumeOperation(OperationId operation) implements ToProvisioner {}

    /**
     * The password of one of the cluster's users; answered with an {@code access.Revealed}.
     *
     * @param occasion fresh for each request; the answer is sealed for it, so that no earlier answer passes for this one
     */
    record Reveal(String user, String occasion) implements ToProvisioner {}

    /**
     * Another password for one of the cluster's users, who may use both until the change is finished.
     *
     * @param finish whether a change that has begun is finished: from then on only the new one is taken
     */
    record RotateSecret(String user, boolean finish) implements ToProvisioner {}

    /** Watch again from clean counters; no instance named means the whole cluster. */
    record Monitor(@Nullable InstanceId instance) implements ToMonitor {}

    /** Judge no more, raise nothing, ask for nothing; probing goes on. */
    record Unmonitor(@Nullable InstanceId instance) implements ToMonitor {}

    /** Live {@code INFO section} of every instance; answered as JSON: instance to its fields. */
    record ShowInfo(String section) implements ToMonitor {}

    /** No automatic action anywhere until {@link Rearm}. */
    record Disarm(String reason) implements ToMonitor {}

    /** Ends {@link Disarm}, and no {@link DisarmLabel}. */
    record Rearm(String reason) implements ToMonitor {}

    /**
     * No automatic action in clusters that bear this label until {@link RearmLabel}; answered with a {@code
     * health.LabelAnswer}. Not a case of {@link Disarm}: a monitor of before would take its end for that of the fleet's.
     */
    record DisarmLabel(Label label, String reason) implements ToMonitor {}

    record RearmLabel(Label label, String reason) implements ToMonitor {}

    record Acknowledge(IncidentId incident) implements ToAlert {}

    /** Null for nobody, as in records of before. */
    private static @Nullable List<String> named(@Nullable List<String> names) {
        return names == null || names.isEmpty() ? null : List.copyOf(names);
    }
}
