package io.redfleet.local.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Judges Kafka, PostgreSQL and what waits in them. */
public final class BusCheck {
    private static final String AREA = "bus";
    /** A service reads thousands a second: so many unread records mean that it does not read. */
    private static final long MOST_LAG = 100;

    private static final Duration STUCK = Duration.ofMinutes(1);
    private static final Duration RECENT = Duration.ofDays(1);

    private BusCheck() {}

    /** @param refused why the broker did not let the account in; empty: it did */
    public static Finding account(String account, Optional<String> refused) {
        return refused.map(why -> Finding.wrong(
                        AREA,
                        "kafka as " + account,
                        why,
                        "./redfleet up makes accounts and rights anew; is Kafka itself well? ./redfleet logs kafka"))
                .orElseGet(() -> Finding.well(AREA, "kafka as " + account, "let in"));
    }

    /** @param faults as the services themselves word them */
    public static List<Finding> topics(List<String> faults, int count) {
        if (faults.isEmpty()) {
            return List.of(Finding.well(AREA, "topics", count + " topics as they should be"));
        }
        return faults.stream()
                .map(fault -> Finding.wrong(
                        AREA,
                        "topics",
                        fault,
                        fault.endsWith("is missing")
                                ? "./redfleet up makes it, empty; if it held specs or tokens: ./redfleet"
                                        + " restore FILE"
                                : "the count must not change: ./redfleet down, remove the topic, ./redfleet"
                                        + " restore FILE"))
                .toList();
    }

    /** @param unread records that the service has not read, over all partitions */
    public static Finding lag(String service, long unread) {
        String says = unread + " records unread";
        return unread <= MOST_LAG
                ? Finding.well(AREA, service, says)
                : Finding.wrong(
                        AREA, service, says, "it does not keep up, or waits for something: ./redfleet logs " + service);
    }

    /**
     * @param depth how much has not been sent
     * @param unit what depth counts
     * @param most so much never waits while Kafka takes records
     * @param still for how long nothing was added to it or taken from it
     */
    public static Finding outbox(String service, long depth, String unit, long most, Duration still) {
        if (depth == 0) {
            return Finding.well(AREA, service + " outbox", "nothing waits");
        }
        String says = depth + " " + unit + " wait, unchanged for " + still.toSeconds() + " s";
        return depth <= most && still.compareTo(STUCK) <= 0
                ? Finding.well(AREA, service + " outbox", says)
                : Finding.wrong(
                        AREA,
                        service + " outbox",
                        says,
                        "nothing is lost while the outbox has room, and nothing is told either; is Kafka well?"
                                + " ./redfleet logs " + service);
    }

    public static Finding postgres(Optional<String> refused) {
        return refused.map(why -> Finding.wrong(
                        AREA,
                        "postgres as the alert-service",
                        why,
                        "./redfleet up starts it again; ./redfleet logs postgres"))
                .orElseGet(() -> Finding.well(AREA, "postgres as the alert-service", "let in"));
    }

    /**
     * Something that a reader could not read.
     *
     * @param topic where it lies, by its full name
     * @param superseded whether a newer record of the same key has come since
     */
    public record Letter(String topic, String key, String reader, String reason, Instant at, boolean superseded) {}

    /** Dead letters stay for 30 days; those of the last day are a matter for today. */
    public static Finding letters(List<Letter> letters, Instant now) {
        Optional<Letter> newest = letters.stream().max(Comparator.comparing(Letter::at));
        if (newest.isEmpty()) {
            return Finding.well(AREA, "dead letters", "none");
        }
        Letter last = newest.get();
        String says = letters.size() + ", the newest of " + last.at() + ": " + last.reader() + " could not read "
                + last.key() + " on " + last.topic() + ": " + last.reason();
        return last.at().plus(RECENT).isBefore(now)
                ? Finding.well(AREA, "dead letters", says)
                : Finding.wrong(
                        AREA,
                        "dead letters",
                        says,
                        "was it written by a newer release, or by a stranger? Upgrade the reader, or look at who may"
                                + " write");
    }

    /**
     * A record of the brakes that cannot be read counts as the fleet's being on, until a newer one has come. None, or one.
     *
     * @param fleet the key of that record
     */
    public static List<Finding> brake(List<Letter> letters, String healthTopic, String fleet) {
        boolean unread = letters.stream()
                .anyMatch(letter ->
                        letter.topic().equals(healthTopic) && letter.key().equals(fleet) && !letter.superseded());
        return unread
                ? List.of(Finding.wrong(
                        "fleet",
                        "brake",
                        "automatic action is off: the record of the brakes cannot be read",
                        "run the release that wrote it; or, when no brake is needed, redfleet rearm of the whole fleet,"
                                + " which writes it anew: labels that were disarmed may be armed by that, so disarm those"
                                + " again that have to stay off; until it is written rearm --label is refused"))
                : List.of();
    }

    /** A spec that cannot be read parks its cluster, until a newer one has come. */
    public static List<Finding> parked(List<Letter> letters, String clustersTopic) {
        List<Finding> parked = new ArrayList<>();
        letters.stream()
                .filter(letter -> letter.topic().equals(clustersTopic) && !letter.superseded())
                .map(Letter::key)
                .distinct()
                .sorted()
                .forEach(cluster -> parked.add(Finding.wrong(
                        "fleet",
                        cluster,
                        "is parked: its spec cannot be read, and nothing is done for it",
                        "apply its spec again with this release, or run the release that wrote it")));
        return parked;
    }
}
