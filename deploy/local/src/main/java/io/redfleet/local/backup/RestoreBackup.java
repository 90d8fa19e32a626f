package io.redfleet.local.backup;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.Archive;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.backup.Restore;
import io.redfleet.local.Home;
import io.redfleet.local.KafkaAlone;
import io.redfleet.local.Screen;
import io.redfleet.local.Standing;
import io.redfleet.local.StartRefused;
import java.io.IOException;
import java.util.List;

/**
 * {@code ./redfleet restore FILE [--with-keys] [--confirm replace] [--bootstrap HOST:PORT [--client FILE]]}. Ends with 0
 * when everything was written and read back, 1 otherwise, 2 on bad usage.
 */
public final class RestoreBackup {
    /** What a person types to lose what stands there. */
    static final String REPLACE = "replace";

    private RestoreBackup() {}

    public static void main(String[] arguments) throws InterruptedException {
        Screen screen = new Screen(System.out);
        try {
            Wish wish = Wish.of(arguments, System.getenv());
            if (!wish.confirm().isEmpty() && !wish.confirm().equals(REPLACE)) {
                throw new IllegalArgumentException("--confirm takes the word " + REPLACE + " and no other");
            }
            Home home = Home.of(System.getenv());
            run(wish.on(Standing.ports(home, wish.ports())), home, screen);
        } catch (IllegalArgumentException e) {
            System.err.println("redfleet restore: " + e.getMessage());
            System.err.println("usage: redfleet restore FILE [--with-keys] [--confirm replace]"
                    + " [--bootstrap HOST:PORT [--client FILE]]");
            System.exit(2);
        } catch (BackupRefused | StartRefused | IOException e) {
            System.err.println("redfleet restore: " + e.getMessage());
            System.exit(1);
        }
    }

    static void run(Wish wish, Home home, Screen screen)
            throws IOException, InterruptedException, StartRefused, BackupRefused {
        Archive archive = Archive.open(wish.file());
        screen.line("The backup of " + archive.manifest().takenAt() + " is whole: "
                + archive.manifest().records() + " records, "
                + archive.manifest().files().size() + " key files.");
        if (wish.bootstrap().isPresent()) {
            restore(wish, archive, wish.bus(), screen);
            return;
        }
        requireKeys(wish, archive, home);
        new KafkaAlone(home, wish.ports(), screen).during(bus -> {
            restore(wish, archive, bus, screen);
            if (wish.keys()) {
                screen.line("  " + new Keys(home).put(archive) + " key files written");
            }
        });
        screen.line("Next: ./redfleet up, then ./redfleet doctor");
    }

    private static void requireKeys(Wish wish, Archive archive, Home home) throws BackupRefused, IOException {
        if (!wish.keys()) {
            return;
        }
        if (archive.manifest().files().isEmpty()) {
            throw new BackupRefused("this backup was made without key files");
        }
        List<String> differing = new Keys(home).differing(archive);
        if (!differing.isEmpty() && !wish.confirm().equals(REPLACE)) {
            throw new BackupRefused("other key files are in place: " + String.join(", ", differing)
                    + ". Nothing was changed; --confirm replace puts those of the backup there");
        }
    }

    private static void restore(Wish wish, Archive archive, BusSettings bus, Screen screen) throws BackupRefused {
        boolean replace = wish.confirm().equals(REPLACE);
        Restore.Done done = new Restore(bus, archive, replace, line -> screen.line("  " + line)).run();
        screen.line("Restored: " + done.written() + " of " + done.records() + " records written, "
                + (done.records() - done.written()) + " were there already"
                + (done.ended() == 0 ? "" : ", " + done.ended() + " others ended") + ".");
    }
}
