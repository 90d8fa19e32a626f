package io.redfleet.local;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Kafka without a service, for work on what it holds: as it runs, or started for the work and ended after it. Meanwhile no
 * {@code up} and no {@code down} changes anything.
 */
public final class KafkaAlone {
    private final Home home;
    private final Ports ports;
    private final Screen screen;

    public KafkaAlone(Home home, Ports ports, Screen screen) {
        this.home = home;
        this.ports = ports;
        this.screen = screen;
    }

    /** What is done with it. */
    @FunctionalInterface
    public interface Work {
        void with(BusSettings bus) throws BackupRefused, IOException;
    }

    /** @throws StartRefused if a service runs, or Kafka does not start */
    @SuppressWarnings("try") // The lock is held, not used.
    public void during(Work work) throws IOException, InterruptedException, StartRefused, BackupRefused {
        home.prepare();
        try (var lock = HomeLock.take(home, screen)) {
            List<String> running = services();
            if (!running.isEmpty()) {
                throw new StartRefused(String.join(", ", running) + " must not run meanwhile: ./redfleet down first");
            }
            Stack stack = new Stack(home, screen);
            try {
                Path checkout = Path.of(System.getProperty("redfleet.checkout", ""));
                stack.raise(List.of(KafkaPart.of(home, ports, new Built(checkout.toAbsolutePath()))));
                new Up(home, ports, screen).makeTopics();
                work.with(LocalBus.of(home, ports, "backup"));
            } finally {
                // Only what was started here.
                stack.withdraw();
            }
        }
    }

    /** Whether this installation's Kafka runs, whoever started it. */
    public static boolean runs(Home home) throws IOException {
        return Running.read(home.run(), KafkaPart.NAME)
                .filter(kafka -> kafka.life().goesOn())
                .isPresent();
    }

    /** Those parts that run and are neither Kafka nor PostgreSQL. */
    private List<String> services() throws IOException {
        return Running.all(home.run()).stream()
                .filter(each -> each.life().goesOn())
                .map(Running::part)
                .filter(part -> !part.equals(KafkaPart.NAME) && !part.equals(PostgresPart.NAME))
                .toList();
    }
}
