package io.redfleet.bus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The file by which a client proves to the broker who it is: Kafka's own client properties, {@code security.protocol}, {@code
 * sasl.*} and {@code ssl.*}, as every Kafka tool reads them. An empty file says that the broker asks for no login.
 *
 * <p>Anything wrong with it is an {@link IllegalStateException} that names the file and what to do, and nothing of what
 * stands in it.
 */
public final class ClientFile {
    private ClientFile() {}

    public static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalStateException(file + " can be read by every user of this machine: chmod 600 it");
            }
            try (var in = Files.newBufferedReader(file)) {
                properties.load(in);
            }
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(
                    "no login for Kafka: " + file
                            + " is missing. On one machine ./redfleet up makes it; elsewhere write"
                            + " security.protocol, sasl.* and ssl.* into it, or nothing for a broker without logins",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("the login for Kafka cannot be read: " + file, e);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message may repeat what stands there.
            throw new IllegalStateException(file + " is not a properties file");
        }
        Map<String, String> settings = new HashMap<>();
        for (String key : properties.stringPropertyNames()) {
            if (!key.equals("security.protocol") && !key.startsWith("sasl.") && !key.startsWith("ssl.")) {
                throw new IllegalStateException(
                        file + " holds the key " + key + ": only security.protocol, sasl.* and ssl.* belong there");
            }
            settings.put(key, properties.getProperty(key));
        }
        return Map.copyOf(settings);
    }
}
