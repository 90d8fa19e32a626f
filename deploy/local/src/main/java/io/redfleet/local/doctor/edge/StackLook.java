package io.redfleet.local.doctor.edge;

import io.redfleet.bus.backup.Archive;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.local.Home;
import io.redfleet.local.Standing;
import io.redfleet.local.backup.Rota;
import io.redfleet.local.backup.Shelf;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.StackCheck;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at the parts, and reads the newest backup. */
final class StackLook {
    private final Home home;
    private final Map<String, Standing> parts;
    private final Instant now;

    StackLook(Home home, Map<String, Standing> parts, Instant now) {
        this.home = home;
        this.parts = parts;
        this.now = now;
    }

    List<Finding> parts(boolean up) {
        return parts.values().stream()
                .map(part -> StackCheck.part(part.part(), life(part), up))
                .toList();
    }

    List<Finding> backups() throws IOException {
        Shelf shelf = new Shelf(home);
        List<String> names = shelf.names();
        List<Finding> found = new ArrayList<>();
        found.add(StackCheck.backups(Rota.newest(names, now), shelf.failure(), names, now));
        if (!names.isEmpty()) {
            String last = names.getLast();
            found.add(StackCheck.readable(last, refused(shelf, last)));
        }
        return found;
    }

    private static Optional<String> refused(Shelf shelf, String name) {
        try {
            Archive.open(shelf.file(name));
            return Optional.empty();
        } catch (BackupRefused e) {
            return Optional.of(e.reason());
        }
    }

    private StackCheck.Life life(Standing part) {
        if (!part.recorded()) {
            return StackCheck.off();
        }
        if (!part.alive()) {
            return StackCheck.dead();
        }
        return StackCheck.alive(
                part.pid(), part.answers(home) ? Optional.empty() : Optional.of("it does not say that it is ready"));
    }
}
