package io.redfleet.local;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** How the programs of this stack that are no service reach Kafka. */
public final class LocalBus {
    private LocalBus() {}

    /** As the administrator of the stack's own broker, where the broker has accounts. */
    public static BusSettings of(Home home, Ports ports, String name) throws BackupRefused {
        Path login = accounts(home).resolve("admin.properties");
        return Files.exists(login) ? of(ports.bootstrap(), login, name) : BusSettings.of(ports.bootstrap(), name);
    }

    /** @param login a file of Kafka client properties, such as {@code security.protocol} and {@code sasl.*} */
    public static BusSettings of(String bootstrap, Path login, String name) throws BackupRefused {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(login)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            // Without the message: it may repeat what stands there.
            throw new BackupRefused("cannot read the Kafka client properties in " + login + " ("
                    + e.getClass().getSimpleName() + ")");
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return new BusSettings(bootstrap, name, settings);
    }

    /** Where each account of the broker has its file, if there are accounts. */
    public static Path accounts(Home home) {
        return home.credentials().resolve("kafka");
    }
}
