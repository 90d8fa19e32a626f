package io.redfleet.provisioner.order;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.plan.BuildPlan;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.Restarts;
import io.redfleet.provisioner.secret.Rotation;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an operation is there to do. */
sealed interface Task {
    /** The operation's kind, in a word. */
    String kind();

    /** The one instance that it is about; empty: the whole cluster. */
    default Optional<InstanceId> subject() {
        return Optional.empty();
    }

    /** Whether it leaves a process behind on one instance that was started. */
    default boolean starts() {
        return false;
    }

    /**
     * What the next owner does about an operation that a crash interrupted: the whole cluster's is begun again; what had
     * begun on one instance is not repeated unasked, only looked into. Empty for a kind that this release does not know.
     */
    static Optional<Task> after(OperationState interrupted) {
        InstanceId instance = interrupted.instance();
        return switch (interrupted.kind()) {
            case "start", "stop", "restart", Remedies.KIND, Remedies.STOP_KIND, Remedies.EXEC_KIND ->
                Optional.ofNullable(instance).map(on -> new Interrupted(on, interrupted.kind()));
            case "provision" -> Optional.of(new Provision(expected(interrupted), restarts(interrupted)));
            case "decommission" -> Optional.of(new Remove(Fate.KEPT));
            case "decommission-erase" -> Optional.of(new Remove(Fate.ERASED));
            case "decommission-archive" -> Optional.of(new Remove(Fate.ARCHIVED));
            case SwitchOver.KIND -> Optional.of(new Switched());
            case Roll.KIND -> Optional.of(new Roll(""));
            default -> Rotate.of(interrupted.kind()).map(Task.class::cast);
        };
    }

    /** The plan that nobody has begun yet; what is left of one that was begun is another. A build changes no plan. */
    private static String expected(OperationState interrupted) {
        String plan = interrupted.plan();
        boolean begun = interrupted.steps().stream()
                .anyMatch(step -> step.status() != StepState.Status.WAITING && !BuildPlan.isBuild(step.id()));
        return plan == null || begun ? "" : plan;
    }

    /** That they were agreed to is in the record; the word for an outage is not. */
    static Restarts restarts(OperationState operation) {
        if (Boolean.TRUE.equals(operation.untilMaster())) {
            return new Restarts.Needed("", true);
        }
        return Boolean.TRUE.equals(operation.rolling()) ? new Restarts.Needed("") : Restarts.none();
    }

    /**
     * @param plan the id of the plan that it has to begin with; empty: whatever is to be done
     * @param restarts those that were agreed to
     */
    record Provision(String plan, Restarts restarts) implements Task {
        Provision(String plan) {
            this(plan, Restarts.none());
        }

        Provision() {
            this("");
        }

        boolean mayRestart() {
            return !(restarts instanceof Restarts.None);
        }

        @Override
        public String kind() {
            return "provision";
        }
    }

    record Remove(Fate fate) implements Task {
        /** An owner of before does not know the last one, and erases nothing by it. */
        @Override
        public String kind() {
            return switch (fate) {
                case KEPT -> "decommission";
                case ERASED -> "decommission-erase";
                case ARCHIVED -> "decommission-archive";
            };
        }
    }

    /** @param word what the operator typed to allow what the gate would refuse */
    record Run(InstanceId instance, Request.Verb verb, String word) implements Task {
        @Override
        public String kind() {
            return verb.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Optional<InstanceId> subject() {
            return Optional.of(instance);
        }

        @Override
        public boolean starts() {
            return verb != Request.Verb.STOP;
        }
    }

    /** @param to who is to be master; null: whom Sentinel chooses */
    record SwitchOver(@Nullable InstanceId to) implements Task {
        static final String KIND = "switchover";

        @Override
        public String kind() {
            return KIND;
        }
    }

    /** An earlier owner let Sentinel change the master and is gone. */
    record Switched() implements Task {
        @Override
        public String kind() {
            return SwitchOver.KIND;
        }
    }

    /**
     * Every instance is restarted once. What was started since the operation was accepted counts as done, so that whoever
     * carries on does not restart it again.
     *
     * @param outage what the operator typed to allow that the master is restarted in its place
     */
    record Roll(String outage) implements Task {
        static final String KIND = "roll";

        @Override
        public String kind() {
            return KIND;
        }
    }

    /**
     * A user's password becomes another, in two operations. What it is lies in the record on the bus.
     *
     * @param finish whether the old one goes, else the new one comes
     */
    record Rotate(Purpose purpose, boolean finish) implements Task {
        private static final String KIND = "rotate-";
        private static final String FINISH = "-finish";

        @Override
        public String kind() {
            return KIND + purpose.word() + (finish ? FINISH : "");
        }

        /** What the hosts do. */
        NextSecret.Stage stage() {
            return Rotation.stage(finish);
        }

        /** Empty for another kind. */
        static Optional<Rotate> of(String kind) {
            return Arrays.stream(Purpose.values())
                    .flatMap(purpose -> Stream.of(new Rotate(purpose, false), new Rotate(purpose, true)))
                    .filter(rotate -> rotate.kind().equals(kind))
                    .findFirst();
        }
    }

    record Remedy(Remediation asked) implements Task {
        @Override
        public String kind() {
            return switch (asked.action()) {
                case START, RESTART -> Remedies.KIND;
                case STOP -> Remedies.STOP_KIND;
                case EXEC -> Remedies.EXEC_KIND;
            };
        }

        @Override
        public Optional<InstanceId> subject() {
            return Optional.of(asked.instance());
        }

        @Override
        public boolean starts() {
            return !stops() && !execs();
        }

        boolean stops() {
            return asked.action() == Remediation.Action.STOP;
        }

        boolean execs() {
            return asked.action() == Remediation.Action.EXEC;
        }
    }

    /** An earlier owner worked on the instance and is gone. Its word and its remediation are in no record. */
    record Interrupted(InstanceId instance, String kind) implements Task {
        @Override
        public Optional<InstanceId> subject() {
            return Optional.of(instance);
        }

        @Override
        public boolean starts() {
            return !kind.equals("stop") && !kind.equals(Remedies.STOP_KIND) && !execs();
        }

        boolean execs() {
            return kind.equals(Remedies.EXEC_KIND);
        }
    }
}
