package io.redfleet.provisioner.edge.ssh;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Host keys learnt at first contact, kept in one file: {@code address:port type base64}, one line each.
 *
 * <p>A key is learnt once. Learning a second key for the same place changes nothing, so two connections that race can
 * not replace what the first one pinned.
 */
public final class KnownHosts {
    private final Path file;
    private final Map<String, String> keys = new TreeMap<>();

    public KnownHosts(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    keys.put(line.substring(0, space), line.substring(space + 1));
                }
            }
        }
    }

    synchronized Optional<String> key(String address, int port) {
        return Optional.ofNullable(keys.get(address + ":" + port));
    }

    /** Keeps the key, on disk before in memory, unless one is known; answers the key that holds. */
    synchronized String learn(String address, int port, String key) throws IOException {
        String place = address + ":" + port;
        String known = keys.get(place);
        if (known != null) {
            return known;
        }
        Map<String, String> next = new TreeMap<>(keys);
        next.put(place, key);
        write(next);
        keys.put(place, key);
        return key;
    }

    private void write(Map<String, String> entries) throws IOException {
        StringBuilder text = new StringBuilder();
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
