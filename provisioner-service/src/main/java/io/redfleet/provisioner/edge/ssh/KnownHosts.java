package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.survey.LearntKey;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Host keys learnt at first contact, kept in one file: {@code address:port type base64}, one line each, and a comment that
 * is dropped. Lines that begin with {@code @} or {@code #} are an admin's: they are read anew at every connection, and stay as they
 * are. Any other line shuts every host: what was meant by it is not known.
 *
 * <p>A key is learnt once. Learning a second key for the same place changes nothing, so two connections that race can
 * not replace what the first one pinned.
 */
public final class KnownHosts {
    private final Path file;
    private final boolean learns;
    private final Map<String, String> keys = new TreeMap<>();
    /** By this process, by place. Read without the lock, under which files are read and written. */
    private final Map<String, LearntKey> learnt = new ConcurrentHashMap<>();

    /** Any key is learnt at first contact. */
    public KnownHosts(Path file) throws IOException {
        this(file, true);
    }

    /** @param learns whether a key that nobody has pinned is taken at first contact; otherwise it is refused, and shown */
    public KnownHosts(Path file, boolean learns) throws IOException {
        this.file = file;
        this.learns = learns;
        List<String> lines = lines();
        try {
            adopt(read(lines));
        } catch (IllegalArgumentException e) {
            // Nothing is known until the line is mended; it is named at every connection, and shuts that.
        }
    }

    boolean learns() {
        return learns;
    }

    synchronized Optional<String> key(String address, int port) {
        return Optional.ofNullable(keys.get(address + ":" + port));
    }

    /**
     * What the file says now about authorities and revoked keys for a place. Fails at the first line that is not understood,
     * whatever it is about. A key that an admin has added to it is known from then on; one that he has taken out is until the next
     * start.
     */
    synchronized List<MarkedKey> marked(String address, int port) throws IOException {
        Said said = said();
        adopt(said);
        return said.marks().stream().filter(mark -> mark.isOf(address, port)).toList();
    }

    /** Keeps the key, on disk before in memory, unless one is known; answers the key that holds. */
    synchronized String learn(String address, int port, String key) throws IOException {
        String place = address + ":" + port;
        adopt(said());
        String known = keys.get(place);
        if (known != null) {
            return known;
        }
        Map<String, String> next = new TreeMap<>(keys);
        next.put(place, key);
        write(next);
        keys.put(place, key);
        String type = key.substring(0, Math.max(0, key.indexOf(' ')));
        learnt.put(place, new LearntKey(place, type, PinnedKey.fingerprint(key), Instant.now()));
        return key;
    }

    /** The key of a place, if it was learnt at first contact since this process began. */
    Optional<LearntKey> learnt(String address, int port) {
        return Optional.ofNullable(learnt.get(address + ":" + port));
    }

    /** The file, understood to its last line. */
    private record Said(List<MarkedKey> marks, List<PinnedLine> pins) {
        Said {
            marks = List.copyOf(marks);
            pins = List.copyOf(pins);
        }
    }

    private Said said() throws IOException {
        try {
            return read(lines());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException the first line that is not understood, and why */
    private static Said read(List<String> lines) {
        List<MarkedKey> marks = new ArrayList<>();
        List<PinnedLine> pins = new ArrayList<>();
        int number = 0;
        for (String line : lines) {
            number++;
            String text = line.strip();
            try {
                if (text.startsWith("@")) {
                    marks.add(MarkedKey.read(text));
                } else if (!text.isEmpty() && !isOfAdmin(text)) {
                    pins.add(PinnedLine.read(text));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + number + " of known_hosts: " + e.getMessage(), e);
            }
        }
        return new Said(marks, pins);
    }

    /** Adds what is not known. */
    private void adopt(Said said) {
        said.pins().forEach(pin -> keys.putIfAbsent(pin.place(), pin.key()));
    }

    private List<String> lines() throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private static boolean isOfAdmin(String line) {
        String text = line.strip();
        return text.startsWith("@") || text.startsWith("#");
    }

    private void write(Map<String, String> entries) throws IOException {
        StringBuilder text = new StringBuilder();
        lines().stream()
                .filter(KnownHosts::isOfAdmin)
                .forEach(line -> text.append(line).append('\n'));
        entries.forEach(
                (place, key) -> text.append(place).append(' ').append(key).append('\n'));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
