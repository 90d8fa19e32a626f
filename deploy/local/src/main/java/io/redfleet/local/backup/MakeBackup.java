package io.redfleet.local.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.Backup;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.backup.HomeFile;
import io.redfleet.bus.backup.Manifest;
import io.redfleet.local.Home;
import io.redfleet.local.KafkaAlone;
import io.redfleet.local.LocalBus;
import io.redfleet.local.Screen;
import io.redfleet.local.Standing;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * {@code ./redfleet backup FILE [--with-keys] [--bootstrap HOST:PORT [--client FILE]]}. Ends with 0 when the file is there
 * and was read back, 1 otherwise, 2 on bad usage.
 */
public final class MakeBackup {
    private MakeBackup() {}

    public static void main(String[] arguments) throws InterruptedException {
        Screen screen = new Screen(System.out);
        try {
            Wish wish = Wish.of(arguments, System.getenv());
            Home home = Home.of(System.getenv());
            run(wish.on(Standing.ports(home, wish.ports())), home, screen);
        } catch (IllegalArgumentException e) {
            System.err.println("redfleet backup: " + e.getMessage());
            System.err.println("usage: redfleet backup FILE [--with-keys] [--bootstrap HOST:PORT [--client FILE]]");
            System.exit(2);
        } catch (BackupRefused | StartRefused | IOException e) {
            System.err.println("redfleet backup: " + e.getMessage());
            System.exit(1);
        }
    }

    static void run(Wish wish, Home home, Screen screen)
            throws IOException, InterruptedException, StartRefused, BackupRefused {
        if (wish.bootstrap().isPresent()) {
            take(wish, wish.bus(), List.of(), screen);
            return;
        }
        List<HomeFile> keys = wish.keys() ? new Keys(home).files() : List.of();
        if (KafkaAlone.runs(home)) {
            take(wish, LocalBus.of(home, wish.ports(), "backup"), keys, screen);
        } else {
            screen.line("The stack is down: Kafka is started for the backup, and ended after it.");
            new KafkaAlone(home, wish.ports(), screen).during(bus -> take(wish, bus, keys, screen));
        }
    }

    private static void take(Wish wish, BusSettings bus, List<HomeFile> keys, Screen screen) throws BackupRefused {
        Manifest manifest = new Backup(bus, keys, line -> screen.line("  " + line)).into(wish.file(), Instant.now());
        screen.line("Backed up: " + wish.file() + ", " + manifest.records() + " records"
                + (keys.isEmpty() ? "" : " and " + keys.size() + " key files") + ".");
        if (keys.isEmpty()) {
            screen.line("Key files are not in it: without them sealed secrets stay shut and no host can be reached."
                    + " Keep credentials/ elsewhere, or say --with-keys.");
        } else {
            screen.line("With its keys this file is as good as root on every host: keep it as you keep those.");
        }
    }
}
