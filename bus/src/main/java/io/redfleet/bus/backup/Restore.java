package io.redfleet.bus.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes a backup onto Kafka.
 *
 * <p>Onto topics that hold nothing, or nothing but records of this very backup: so a restore that was cut off is begun
 * again, and one that is whole changes nothing. Anything else is refused with the counts, unless it is to be replaced: then
 * keys that the backup does not have are ended. Services must be stopped; those of which Kafka knows are looked for.
 */
public final class Restore {
    private static final Duration DELIVERY = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** As many as are under way at once; of the longest records 100 MB would be too many for a small JVM. */
    private static final int BATCH_RECORDS = 500;

    private static final int BATCH_BYTES = 4 * 1024 * 1024;

    private final BusSettings settings;
    private final Archive archive;
    private final boolean replace;
    private final Progress progress;
    private final Duration patience;
    private final List<Future<RecordMetadata>> underWay = new ArrayList<>();
    private int bytesUnderWay;
    private long sent;

    /** @param replace whether what stands there and is not in the backup is ended */
    public Restore(BusSettings settings, Archive archive, boolean replace, Progress progress) {
        this(settings, archive, replace, progress, BusSettings.SESSION.multipliedBy(2));
    }

    /** @param patience for services to be gone */
    Restore(BusSettings settings, Archive archive, boolean replace, Progress progress, Duration patience) {
        this.patience = patience;
        this.settings = settings;
        this.archive = archive;
        this.replace = replace;
        this.progress = progress;
    }

    /**
     * @param records how many the backup holds
     * @param written how many of them were not there yet
     * @param ended how many keys were ended that the backup does not hold
     */
    public record Done(long records, long written, long ended) {}

    /** What one topic should hold, and what it holds: of each key a digest of its record. */
    private record Standing(
            Manifest.TopicPart part, Topic topic, Map<String, String> wanted, Map<String, String> present) {
        /** What stands there and is not of this backup. */
        long foreign() {
            return present.entrySet().stream()
                    .filter(entry -> !entry.getValue().equals(wanted.get(entry.getKey())))
                    .count();
        }
    }

    public Done run() throws BackupRefused {
        Target target = idle();
        boolean elsewhere = !target.kafkaCluster().equals(archive.manifest().kafkaCluster());
        if (elsewhere) {
            progress.said("this is another Kafka cluster than the one that was backed up: counters are moved on");
        }
        List<Standing> standing = new ArrayList<>();
        for (Manifest.TopicPart part : archive.manifest().topics()) {
            Topic topic = Topic.byFullName(part.topic()).orElseThrow();
            Map<String, String> wanted = new LinkedHashMap<>();
            records(part, topic, elsewhere, record -> wanted.put(record.key(), record.digest()));
            standing.add(new Standing(part, topic, wanted, present(topic)));
        }
        refuseForeign(standing);
        long ended = write(standing, elsewhere);
        verify(standing);
        return new Done(archive.manifest().records(), sent - ended, ended);
    }

    /** Services that have just ended are members of their groups for as long as a session lasts. */
    private Target idle() throws BackupRefused {
        long deadline = System.nanoTime() + patience.toNanos();
        Target target = Target.of(settings);
        while (!target.workers().isEmpty()) {
            String workers = String.join(", ", target.workers());
            if (System.nanoTime() - deadline > 0) {
                throw new BackupRefused("services are at work: " + workers + ". Stop all of them first");
            }
            progress.said("Kafka still counts members of " + workers + "; looking again");
            pause();
            target = Target.of(settings);
        }
        return target;
    }

    private static void pause() throws BackupRefused {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupRefused("interrupted; nothing was changed", e);
        }
    }

    private void refuseForeign(List<Standing> standing) throws BackupRefused {
        List<String> counts = standing.stream()
                .filter(each -> each.foreign() > 0)
                .map(each -> each.topic().fullName() + " " + each.foreign())
                .toList();
        if (!counts.isEmpty() && !replace) {
            throw new BackupRefused("this installation is not empty; records that are not of this backup: "
                    + String.join(", ", counts) + ". Nothing was changed; --confirm replace replaces them");
        }
        if (!counts.isEmpty()) {
            progress.said("replacing what stands there: " + String.join(", ", counts));
        }
        long there = standing.stream()
                .mapToLong(each -> each.present().size() - each.foreign())
                .sum();
        if (there > 0) {
            progress.said(there + " records are there already, from a restore before this one");
        }
    }

    private long write(List<Standing> standing, boolean elsewhere) throws BackupRefused {
        long ended = 0;
        Map<String, Object> patient = settings.producer(DELIVERY);
        // A service would rather say soon that Kafka is away; a restore goes on where a broker is slow to tell its
        // topics.
        patient.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY.toMillis());
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(patient)) {
            for (Standing each : standing) {
                long before = sent;
                records(each.part(), each.topic(), elsewhere, record -> {
                    if (!record.digest().equals(each.present().get(record.key()))) {
                        send(producer, record.onto(each.topic()));
                    }
                });
                // What is said to be written has to be.
                settle();
                progress.said(each.topic().fullName() + ": " + (sent - before) + " of "
                        + each.wanted().size() + " records written");
                Set<String> surplus = new HashSet<>(each.present().keySet());
                surplus.removeAll(each.wanted().keySet());
                for (String key : surplus) {
                    send(producer, new ProducerRecord<>(each.topic().fullName(), key, null));
                    ended++;
                }
            }
            settle();
            return ended;
        } catch (KafkaException e) {
            throw new BackupRefused("Kafka does not take records: " + e.getMessage() + unfinished(), e);
        }
    }

    private void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record)
            throws BackupRefused {
        underWay.add(producer.send(record));
        bytesUnderWay += record.value() == null ? 0 : record.value().length;
        sent++;
        if (underWay.size() >= BATCH_RECORDS || bytesUnderWay >= BATCH_BYTES) {
            settle();
        }
    }

    /** Waits until all that was sent is on the bus. */
    private void settle() throws BackupRefused {
        try {
            for (Future<RecordMetadata> each : underWay) {
                each.get(DELIVERY.toMillis() * 2, TimeUnit.MILLISECONDS);
            }
            underWay.clear();
            bytesUnderWay = 0;
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BackupRefused("Kafka does not take records: " + cause.getMessage() + unfinished(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupRefused("interrupted" + unfinished(), e);
        }
    }

    private static String unfinished() {
        return ". The restore is not finished: start no service, and run it again";
    }

    private void verify(List<Standing> standing) throws BackupRefused {
        for (Standing each : standing) {
            Map<String, String> found = present(each.topic());
            if (!found.equals(each.wanted())) {
                Set<String> differing = new HashSet<>(found.keySet());
                differing.addAll(each.wanted().keySet());
                differing.removeIf(key -> String.valueOf(found.get(key))
                        .equals(String.valueOf(each.wanted().get(key))));
                throw new BackupRefused(each.topic().fullName() + " does not read back as it was written: "
                        + differing.stream().sorted().limit(5).toList() + unfinished());
            }
        }
        progress.said("read back: every record is as the backup has it");
    }

    private Map<String, String> present(Topic topic) throws BackupRefused {
        Map<String, String> present = new LinkedHashMap<>();
        try (StateReader reader = new StateReader(settings)) {
            Map<TopicPartition, Long> ends = reader.ends(List.of(topic));
            reader.read(topic, ends, record -> present.put(record.key(), record.digest()));
        }
        return present;
    }

    private void records(Manifest.TopicPart part, Topic topic, boolean elsewhere, StateReader.Sink sink)
            throws BackupRefused {
        archive.records(part, record -> sink.take(told(topic, record, elsewhere)));
    }

    /** A record as it is restored: what would be wrong or harmful if it were said again is said differently. */
    private KeptRecord told(Topic topic, KeptRecord record, boolean elsewhere) {
        if (topic == Topic.OPERATIONS) {
            return Unfinished.ended(record, archive.manifest().takenAt());
        }
        return topic == Topic.HEALTH && elsewhere ? Elsewhere.told(record) : record;
    }
}
