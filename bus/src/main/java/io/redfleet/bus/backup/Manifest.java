package io.redfleet.bus.backup;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds: the entry {@code manifest.json} in it.
 *
 * @param format always {@link #FORMAT}
 * @param version of the format; a reader refuses one that is higher than its own
 * @param kafkaCluster the id that the Kafka cluster gave itself
 * @param files files of the installation; empty unless they were asked for
 */
public record Manifest(
        String format,
        int version,
        Instant takenAt,
        String kafkaCluster,
        List<TopicPart> topics,
        List<FilePart> files) {
    public static final String FORMAT = "redfleet-backup";
    public static final int VERSION = 1;

    // What a manifest lacks is found when it is read, by these checks.
    public Manifest {
        requireNonNull(format);
        requireNonNull(takenAt);
        requireNonNull(kafkaCluster);
        topics = List.copyOf(topics);
        files = List.copyOf(files);
    }

    /**
     * One topic.
     *
     * @param entry the zip entry that holds its records, a line each
     * @param sha256 of that entry, in hexadecimal
     * @param nextOffsets per partition, the first offset that is not in the backup: all before it is
     */
    public record TopicPart(String topic, String entry, long records, String sha256, Map<Integer, Long> nextOffsets) {
        public TopicPart {
            requireNonNull(topic);
            requireNonNull(entry);
            requireNonNull(sha256);
            nextOffsets = Map.copyOf(nextOffsets);
        }
    }

    /** @param path relative to the home */
    public record FilePart(String path, String entry, String sha256) {
        public FilePart {
            requireNonNull(path);
            requireNonNull(entry);
            requireNonNull(sha256);
        }
    }

    /** How many records all topics hold. */
    public long records() {
        return topics.stream().mapToLong(TopicPart::records).sum();
    }
}
