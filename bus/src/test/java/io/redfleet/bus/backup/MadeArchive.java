package io.redfleet.bus.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.redfleet.bus.codec.Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A backup made by hand, so that it can be made wrong. */
final class MadeArchive {
    static final String QUIET = "redfleet.quiet.v1";
    static final String ENTRY = "topics/" + QUIET + ".jsonl";

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Of two silences and a key file, all right. */
    static MadeArchive good() {
        MadeArchive made = new MadeArchive();
        byte[] lines = (line("s1", "one") + line("s2", "two")).getBytes(UTF_8);
        byte[] key = "a private key".getBytes(UTF_8);
        made.entries.put(ENTRY, lines);
        made.entries.put("files/credentials/ops", key);
        made.manifest(new Manifest(
                Manifest.FORMAT,
                Manifest.VERSION,
                Instant.EPOCH,
                "kafka-1",
                List.of(new Manifest.TopicPart(QUIET, ENTRY, 2, Sha256.of(lines), Map.of(0, 2L))),
                List.of(new Manifest.FilePart("credentials/ops", "files/credentials/ops", Sha256.of(key)))));
        return made;
    }

    static String line(String key, String value) {
        String base64 = Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
        return "{\"key\":\"" + key + "\",\"headers\":[],\"value\":\"" + base64 + "\"}\n";
    }

    MadeArchive manifest(Object manifest) {
        return with("manifest.json", Codec.bytes(manifest));
    }

    MadeArchive with(String entry, byte[] content) {
        entries.put(entry, content);
        return this;
    }

    MadeArchive with(String entry, String content) {
        return with(entry, content.getBytes(UTF_8));
    }

    MadeArchive without(String entry) {
        entries.remove(entry);
        return this;
    }

    String manifest() {
        return new String(entries.getOrDefault("manifest.json", new byte[0]), UTF_8);
    }

    Path in(Path directory) throws IOException {
        Path file = directory.resolve("made.backup");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
