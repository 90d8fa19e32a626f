package io.redfleet.local.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.local.LocalBus;
import io.redfleet.local.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was asked for on the command line.
 *
 * @param keys whether the key files go with it
 * @param confirm the word after {@code --confirm}
 * @param bootstrap a Kafka of one's own instead of this machine's stack
 * @param client the client properties for that Kafka
 */
record Wish(Path file, boolean keys, String confirm, Optional<String> bootstrap, Optional<Path> client, Ports ports) {
    private static final List<String> TAKE_A_VALUE = List.of("--confirm", "--bootstrap", "--client", "--port-offset");

    /** @throws IllegalArgumentException with what is wrong */
    static Wish of(String[] arguments, Map<String, String> environment) {
        List<String> files = new ArrayList<>();
        Map<String, String> said = new HashMap<>();
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i];
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (word.equals("--with-keys")) {
                said.put(word, "");
            } else if (!word.startsWith("-")) {
                files.add(word);
            } else if (!TAKE_A_VALUE.contains(name)) {
                throw new IllegalArgumentException("no such option: " + word);
            } else if (equals >= 0) {
                said.put(name, word.substring(equals + 1));
            } else if (++i < arguments.length) {
                said.put(name, arguments[i]);
            } else {
                throw new IllegalArgumentException(name + " needs a value");
            }
        }
        if (files.size() != 1) {
            throw new IllegalArgumentException("names one file, not " + files.size());
        }
        if (said.containsKey("--client") && !said.containsKey("--bootstrap")) {
            throw new IllegalArgumentException("--client goes with --bootstrap");
        }
        if (said.containsKey("--with-keys") && said.containsKey("--bootstrap")) {
            throw new IllegalArgumentException("--with-keys is of this machine's own installation, not of --bootstrap");
        }
        return new Wish(
                Path.of(files.getFirst()).toAbsolutePath(),
                said.containsKey("--with-keys"),
                said.getOrDefault("--confirm", ""),
                Optional.ofNullable(said.get("--bootstrap")),
                Optional.ofNullable(said.get("--client")).map(Path::of),
                Ports.of(arguments, environment));
    }

    /** The same on the ports on which the stack runs. */
    Wish on(Ports running) {
        return new Wish(file, keys, confirm, bootstrap, client, running);
    }

    /** Only for a wish that names a Kafka. */
    BusSettings bus() throws BackupRefused {
        String address = bootstrap.orElseThrow();
        return client.isPresent() ? LocalBus.of(address, client.get(), "backup") : BusSettings.of(address, "backup");
    }
}
