package io.redfleet.local.backup;

import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.local.Home;
import io.redfleet.local.LocalBus;
import io.redfleet.local.Ports;
import io.redfleet.local.Screen;
import java.io.IOException;
import java.time.Instant;

/** What the part {@code backup} of the stack does every hour: one backup a day. Says a line when it did something. */
public final class DailyBackup {
    private DailyBackup() {}

    public static void main(String[] arguments) {
        Home home = Home.of(System.getenv());
        if (!look(home, Ports.of(arguments, System.getenv()), new Screen(System.out), Instant.now())) {
            System.exit(1);
        }
    }

    /** Never throws for what can go wrong with a backup: that is said on the screen, and false. */
    public static boolean look(Home home, Ports ports, Screen screen, Instant now) {
        try {
            return switch (new Shelf(home).look(LocalBus.of(home, ports, "backup"), now)) {
                case Shelf.Look.NotDue notDue -> true;
                case Shelf.Look.Made made -> {
                    screen.part(
                            "backup",
                            made.file() + ", " + made.records() + " records, read back"
                                    + (made.removed() == 0 ? "" : "; " + made.removed() + " old removed"));
                    yield true;
                }
                case Shelf.Look.Failed failed -> failed(screen, now, failed.reason());
            };
        } catch (BackupRefused e) {
            return failed(screen, now, e.reason());
        } catch (IOException e) {
            return failed(screen, now, home.backups() + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static boolean failed(Screen screen, Instant now, String reason) {
        screen.part("backup", "FAILED at " + now + ": " + reason + "; it is tried again every hour");
        return false;
    }
}
