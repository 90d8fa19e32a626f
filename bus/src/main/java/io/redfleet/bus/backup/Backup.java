package io.redfleet.bus.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes the truth into a file.
 *
 * <p>The ends of all partitions are asked for at once, and everything before them is in the backup, whatever is written
 * meanwhile: a cluster's records, which lie in one partition, are as they stood at one moment. The file is written under a
 * name that begins with a dot, readable by its owner alone, is read back whole, and only then bears its name.
 */
public final class Backup {
    static final String MANIFEST = "manifest.json";
    static final String UNFINISHED = ".part";
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final BusSettings settings;
    private final List<HomeFile> files;
    private final Progress progress;

    /** @param files files of the installation to be put beside the topics; a backup with them opens all that is sealed */
    public Backup(BusSettings settings, List<HomeFile> files, Progress progress) {
        this.settings = settings;
        this.files = List.copyOf(files);
        this.progress = progress;
    }

    /** @throws BackupRefused also if the file exists: a backup replaces nothing */
    public Manifest into(Path file, Instant now) throws BackupRefused {
        Path target = file.toAbsolutePath();
        if (Files.exists(target)) {
            throw new BackupRefused(target + " exists already: name another file");
        }
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new BackupRefused("no directory " + directory);
        }
        String kafka = Target.of(settings).kafkaCluster();
        try {
            Path draft = Files.createTempFile(directory, "." + target.getFileName(), UNFINISHED, OWNER_ONLY);
            try {
                Manifest manifest = write(draft, kafka, now);
                Archive written = Archive.open(draft);
                if (!written.manifest().equals(manifest)) {
                    throw new BackupRefused("what was written to " + directory + " does not read back the same");
                }
                progress.said("read back: " + manifest.records() + " records, every checksum right");
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
                settle(directory);
                return manifest;
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new BackupRefused("cannot write " + target + ": " + said(e), e);
        }
    }

    private Manifest write(Path draft, String kafka, Instant now) throws BackupRefused, IOException {
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE);
                ZipOutputStream zip = new ZipOutputStream(Channels.newOutputStream(channel));
                StateReader reader = new StateReader(settings)) {
            Map<TopicPartition, Long> ends = reader.ends(Truth.TOPICS);
            List<Manifest.TopicPart> topics = new ArrayList<>();
            for (Topic topic : Truth.TOPICS) {
                topics.add(write(topic, reader, ends, zip));
            }
            List<Manifest.FilePart> parts = new ArrayList<>();
            for (HomeFile file : files) {
                parts.add(write(file, zip));
            }
            Manifest manifest = new Manifest(Manifest.FORMAT, Manifest.VERSION, now, kafka, topics, parts);
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(Codec.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
            zip.closeEntry();
            zip.finish();
            channel.force(true);
            return manifest;
        }
    }

    private Manifest.TopicPart write(
            Topic topic, StateReader reader, Map<TopicPartition, Long> ends, ZipOutputStream zip)
            throws BackupRefused, IOException {
        String entry = "topics/" + topic.fullName() + ".jsonl";
        MessageDigest digest = Sha256.begun();
        long[] records = {0};
        zip.putNextEntry(new ZipEntry(entry));
        Map<Integer, Long> next = reader.read(topic, ends, record -> {
            byte[] line = record.line();
            digest.update(line);
            records[0]++;
            try {
                zip.write(line);
            } catch (IOException e) {
                throw new BackupRefused("cannot write the backup: " + said(e), e);
            }
        });
        zip.closeEntry();
        progress.said(topic.fullName() + ": " + records[0] + " records");
        return new Manifest.TopicPart(topic.fullName(), entry, records[0], Sha256.hex(digest.digest()), next);
    }

    private Manifest.FilePart write(HomeFile file, ZipOutputStream zip) throws IOException {
        String entry = "files/" + file.path();
        byte[] content = Files.readAllBytes(file.source());
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(content);
        zip.closeEntry();
        progress.said(file.path());
        return new Manifest.FilePart(file.path(), entry, Sha256.of(content));
    }

    /** The name outlives a loss of power as well. */
    private static void settle(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String said(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
