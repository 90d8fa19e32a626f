package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.health.Term;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who has the last word on a partition's clusters, operations and passwords. Compaction keeps what came last, and an owner
 * that stood still may send, when it wakes, what was on its way when it stopped: nothing that a process checks before it
 * sends is still certain when the bytes arrive. So each ownership signs its records with a term above all that it found,
 * and what arrives in an earlier term is written over with what stands.
 *
 * <p>Of operations the last few are remembered: what comes late is of work that was under way
 * when somebody stopped. Not thread-safe.
 */
final class LastWord {
    /** Beyond this a record's earlier writer can no longer be told, and it is taken as it comes. */
    private static final int REMEMBERED = 1_000;

    private static final int OPERATIONS_REMEMBERED = 20;
    private static final Set<Topic> GUARDED = Set.of(Topic.CLUSTERS, Topic.OPERATIONS, Topic.SECRETS);

    private final String instance;
    private final InstantSource clock;
    private final Map<Topic, Map<String, BusMessage>> written = new EnumMap<>(Topic.class);
    /** What counts of what was found, by topic and key, the newest last; until this ownership begins. */
    private Map<String, BusRecord> replayed = new LinkedHashMap<>();
    /** The keys of those over which a record of an earlier term lies. */
    private Set<String> covered = new LinkedHashSet<>();

    private Term term = Term.NONE;
    private boolean begun;

    /** @param instance the lasting name of this process */
    LastWord(String instance, InstantSource clock) {
        this.instance = instance;
        this.clock = clock;
        GUARDED.forEach(topic -> written.put(topic, new Recent(topic)));
    }

    static boolean guards(Topic topic) {
        return GUARDED.contains(topic);
    }

    /** Whether the record counts: false if an earlier owner sent it after a later one had spoken. */
    boolean counts(BusRecord record) {
        if (begun || !GUARDED.contains(record.topic())) {
            return true;
        }
        Term said = termOf(record);
        term = said.compareTo(term) > 0 ? said : term;
        String key = record.topic() + " " + record.key();
        BusRecord before = replayed.get(key);
        if (before != null && termOf(before).outranks(said)) {
            covered.add(key);
            return false;
        }
        replayed.remove(key);
        replayed.put(key, record);
        covered.remove(key);
        return true;
    }

    /** All that lies there has been replayed; what is answered lies under something older and must be written again. */
    List<BusMessage> begin() {
        // By the clock where that is higher: then two that began without either having written differ in their number.
        term = new Term(Math.max(term.number() + 1, clock.millis()), instance);
        begun = true;
        List<BusMessage> again = new ArrayList<>();
        covered.forEach(key -> again.add(unsigned(Objects.requireNonNull(replayed.get(key)))));
        // What this ownership found is its word as well, until it says another.
        replayed.values().forEach(record -> said(unsigned(record)));
        replayed = Map.of();
        covered = Set.of();
        return again;
    }

    /** The message as it goes out: signed, and remembered as what stands. */
    BusMessage said(BusMessage message) {
        if (!GUARDED.contains(message.topic())) {
            return message;
        }
        BusMessage signed =
                new BusMessage(message.topic(), message.key(), Map.of(Term.HEADER, term.toString()), message.value());
        words(message.topic()).put(message.key(), signed);
        return signed;
    }

    /** Whether what has arrived lies over a word of ours, said by somebody whose term is over. Nobody signs but an owner. */
    boolean isCovered(BusRecord arrived) {
        Optional<Term> said = Term.parse(arrived.headers().getOrDefault(Term.HEADER, ""));
        return begun
                && said.isPresent()
                && !said.get().equals(term)
                && !said.get().outranks(term)
                && standing(arrived.topic(), arrived.key()).isPresent();
    }

    /** What this ownership found or wrote last under the key, if it is remembered. */
    Optional<BusMessage> standing(Topic topic, String key) {
        return GUARDED.contains(topic) ? Optional.ofNullable(words(topic).get(key)) : Optional.empty();
    }

    private static BusMessage unsigned(BusRecord record) {
        return new BusMessage(record.topic(), record.key(), Map.of(), record.value());
    }

    private Map<String, BusMessage> words(Topic topic) {
        return Objects.requireNonNull(written.get(topic));
    }

    private static Term termOf(BusRecord record) {
        return Term.parse(record.headers().getOrDefault(Term.HEADER, "")).orElse(Term.NONE);
    }

    private static final class Recent extends LinkedHashMap<String, BusMessage> {
        private static final long serialVersionUID = 1;
        private final int most;

        Recent(Topic topic) {
            super(16, 0.75f, true);
            this.most = topic == Topic.OPERATIONS ? OPERATIONS_REMEMBERED : REMEMBERED;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, BusMessage> eldest) {
            return size() > most;
        }
    }
}
