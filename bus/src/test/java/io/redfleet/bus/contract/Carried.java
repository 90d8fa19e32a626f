package io.redfleet.bus.contract;

import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.alert.Incident;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.health.ClusterHealth;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.wire.DeadLetter;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * One kind of record on the bus.
 *
 * @param name of its schema and message, without {@code .v1}
 * @param key its key on the topic, as a regular expression
 */
record Carried(String name, Topic topic, Class<?> type, String key) {
    private static final String WORD = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final String CLUSTER = "^" + WORD + "$";
    private static final String FLEET = "^_fleet$";
    private static final String OF_CLUSTER = "^" + WORD + "/.+$";
    private static final String ANY_CLUSTER = "^(_fleet|" + WORD + ")$";
    private static final String OF_ANY_CLUSTER = "^(_fleet|" + WORD + ")/.+$";

    /** Topics of the table that nothing is written to yet. */
    static final List<Topic> EMPTY = List.of(Topic.QUIET);

    private static final List<Carried> RECORDS = List.of(
            new Carried("commands", Topic.COMMANDS, Order.class, ANY_CLUSTER),
            new Carried("outcomes", Topic.OUTCOMES, Outcome.class, OF_ANY_CLUSTER),
            new Carried("clusters", Topic.CLUSTERS, ClusterState.class, CLUSTER),
            new Carried("operations", Topic.OPERATIONS, OperationState.class, OF_CLUSTER),
            new Carried("hosts", Topic.HOSTS, HostFacts.class, OF_CLUSTER),
            new Carried("reports", Topic.REPORTS, HostReport.class, OF_CLUSTER),
            new Carried("health", Topic.HEALTH, ClusterHealth.class, CLUSTER),
            new Carried("health.fleet", Topic.HEALTH, FleetBrake.class, FLEET),
            new Carried("remediations", Topic.REMEDIATIONS, Remediation.class, CLUSTER),
            new Carried("alerts", Topic.ALERTS, Incident.class, OF_ANY_CLUSTER),
            new Carried("access", Topic.ACCESS, TokenRecord.class, "^.+$"),
            new Carried("secrets", Topic.SECRETS, SealedSecret.class, OF_CLUSTER),
            new Carried("deadletters", Topic.DEADLETTERS, DeadLetter.class, "^.+/[0-9]+/[0-9]+/.+$"));

    /** Everything, the events last. */
    static List<Carried> all() {
        List<Carried> all = new ArrayList<>(RECORDS);
        EventTypes.all().forEach((name, type) -> all.add(new Carried(name, Topic.EVENTS, type, ANY_CLUSTER)));
        return all;
    }

    /** Whose golden this is: it bears the record's name, or that and one of its cases, as {@code commands.run}. */
    static Carried ofGolden(String golden) {
        return all().stream()
                .filter(one -> one.name().equals(golden))
                .findFirst()
                .or(() -> all().stream()
                        .filter(one -> one.name().equals(golden.substring(0, Math.max(0, golden.lastIndexOf('.')))))
                        .findFirst())
                .orElseThrow(() -> new IllegalStateException("nothing on the bus is called " + golden));
    }

    boolean isEvent() {
        return topic == Topic.EVENTS;
    }

    Class<? extends Event> event() {
        return type.asSubclass(Event.class);
    }

    /** Name and version, as files and messages bear it. */
    String title() {
        return name + ".v1";
    }
}
