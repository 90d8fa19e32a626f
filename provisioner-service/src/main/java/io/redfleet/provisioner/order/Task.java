package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.wire.Request;
import java.util.Locale;
import java.util.Optional;

/** What an operation is there to do. */
sealed interface Task {
    /** The operation's kind, in a word. */
    String kind();

    /** The one instance that it is about; empty: the whole cluster. */
    default Optional<InstanceId> subject() {
        return Optional.empty();
    }

    /** What goes on after a crash by being begun again; empty: what had begun on an instance is not repeated unasked. */
    static Optional<Task> resumable(String kind) {
        return switch (kind) {
            case "provision" -> Optional.of(new Provision());
            case "decommission" -> Optional.of(new Remove(true));
            case "decommission-erase" -> Optional.of(new Remove(false));
            default -> Optional.empty();
        };
    }

    record Provision() implements Task {
        @Override
        public String kind() {
            return "provision";
        }
    }

    record Remove(boolean keepData) implements Task {
        @Override
        public String kind() {
            return keepData ? "decommission" : "decommission-erase";
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
    }

    record Remedy(Remediation asked) implements Task {
        @Override
        public String kind() {
            return "remedy";
        }

        @Override
        public Optional<InstanceId> subject() {
            return Optional.of(asked.instance());
        }
    }
}
