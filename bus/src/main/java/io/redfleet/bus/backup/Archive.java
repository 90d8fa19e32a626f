package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.bus.topics.Topic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** A backup that was read from its first byte to its last and found whole. */
public final class Archive {
    /** A manifest names some topics and some files; more than this is none. */
    private static final int MANIFEST_LIMIT = 1024 * 1024;
    /** A record of the bus has at most 1 MB, and base64 makes it longer by a third. */
    private static final int LINE_LIMIT = 4 * 1024 * 1024;

    private final Path file;
    private final Manifest manifest;

    private Archive(Path file, Manifest manifest) {
        this.file = file;
        this.manifest = manifest;
    }

    /** @throws BackupRefused if it is not a backup, not whole, changed, or of a later version; the reason says which part */
    public static Archive open(Path file) throws BackupRefused {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Archive archive = new Archive(file, manifest(file, zip));
            archive.check(zip);
            return archive;
        } catch (NoSuchFileException e) {
            throw new BackupRefused("there is no file " + file, e);
        } catch (ZipException e) {
            throw new BackupRefused(file + " is cut short, or no backup at all: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BackupRefused("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The records of a topic, in their order. */
    void records(Manifest.TopicPart part, StateReader.Sink sink) throws BackupRefused {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            long records = 0;
            String sha256;
            try (DigestInputStream in = open(zip, part.entry())) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    sink.take(record(part, records + 1, line));
                    records++;
                }
                sha256 = Sha256.hex(in.getMessageDigest().digest());
            }
            same(part.entry(), part.sha256(), sha256);
            if (records != part.records()) {
                throw new BackupRefused(file + ": " + part.entry() + " has " + records + " records, its manifest says "
                        + part.records());
            }
        } catch (IOException e) {
            throw new BackupRefused(file + ": " + part.entry() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The content of a file of the installation. */
    public byte[] content(Manifest.FilePart part) throws BackupRefused {
        try (ZipFile zip = new ZipFile(file.toFile());
                DigestInputStream in = open(zip, part.entry())) {
            byte[] content = in.readAllBytes();
            same(part.entry(), part.sha256(), Sha256.hex(in.getMessageDigest().digest()));
            return content;
        } catch (IOException e) {
            throw new BackupRefused(file + ": " + part.entry() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private KeptRecord record(Manifest.TopicPart part, long number, String line) throws BackupRefused {
        if (line.length() > LINE_LIMIT) {
            throw new BackupRefused(file + ": " + part.entry() + " line " + number + " is longer than any record");
        }
        try {
            return KeptRecord.read(line);
        } catch (BackupRefused e) {
            throw new BackupRefused(file + ": " + part.entry() + " line " + number + ": " + e.reason(), e);
        }
    }

    private static Manifest manifest(Path file, ZipFile zip) throws BackupRefused, IOException {
        ZipEntry entry = zip.getEntry(Backup.MANIFEST);
        if (entry == null) {
            throw new BackupRefused(file + " is no backup: it has no " + Backup.MANIFEST);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] text = in.readNBytes(MANIFEST_LIMIT);
            CRC32 crc = new CRC32();
            crc.update(text);
            // The one entry whose SHA-256 stands nowhere.
            if (crc.getValue() != entry.getCrc()) {
                throw new BackupRefused(file + ": its manifest was changed");
            }
            JsonNode tree = Codec.mapper().readTree(text);
            if (!tree.path("format").asText().equals(Manifest.FORMAT)) {
                throw new BackupRefused(file + " is no backup: its manifest does not say " + Manifest.FORMAT);
            }
            int version = tree.path("version").asInt(0);
            if (version > Manifest.VERSION) {
                throw new BackupRefused(file + " has version " + version + " of the format, and this release reads "
                        + Manifest.VERSION + ": restore it with the release that wrote it, or a later one");
            }
            Manifest manifest = Codec.mapper().treeToValue(tree, Manifest.class);
            if (version < 1) {
                throw new BackupRefused(file + ": its manifest has no version");
            }
            return manifest;
        } catch (JsonProcessingException e) {
            throw new BackupRefused(file + ": its manifest cannot be understood: " + e.getOriginalMessage(), e);
        }
    }

    /** Everything that the manifest names is there and right, and nothing else is. */
    private void check(ZipFile zip) throws BackupRefused {
        Set<String> named = new HashSet<>(Set.of(Backup.MANIFEST));
        for (Manifest.TopicPart part : manifest.topics()) {
            named.add(part.entry());
            if (Topic.byFullName(part.topic()).filter(Truth.TOPICS::contains).isEmpty()) {
                throw new BackupRefused(file + " holds " + part.topic() + ", which is no topic that is restored");
            }
            Set<String> keys = new HashSet<>();
            records(part, record -> {
                if (!keys.add(record.key())) {
                    throw new BackupRefused(file + ": " + part.entry() + " has the key " + record.key() + " twice");
                }
            });
        }
        for (Manifest.FilePart part : manifest.files()) {
            named.add(part.entry());
            if (!plain(part.path())) {
                throw new BackupRefused(file + " names a file outside of the home: " + part.path());
            }
            content(part);
        }
        for (ZipEntry entry : Collections.list(zip.entries())) {
            if (!named.contains(entry.getName())) {
                throw new BackupRefused(file + " holds " + entry.getName() + ", which its manifest does not name");
            }
        }
    }

    /** Whether a path stays below what it is resolved against. */
    private static boolean plain(String path) {
        Path relative = Path.of(path);
        return !relative.isAbsolute()
                && !path.isEmpty()
                && relative.normalize().equals(relative)
                && !relative.startsWith("..");
    }

    private DigestInputStream open(ZipFile zip, String name) throws IOException, BackupRefused {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new BackupRefused(file + " lacks " + name + ", which its manifest names");
        }
        MessageDigest digest = Sha256.begun();
        return new DigestInputStream(zip.getInputStream(entry), digest);
    }

    private void same(String entry, String wanted, String found) throws BackupRefused {
        if (!wanted.equals(found)) {
            throw new BackupRefused(
                    file + ": " + entry + " was changed: its SHA-256 is " + found + ", its manifest says " + wanted);
        }
    }
}
