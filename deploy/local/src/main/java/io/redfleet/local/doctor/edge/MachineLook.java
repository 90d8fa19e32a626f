package io.redfleet.local.doctor.edge;

import io.redfleet.local.Home;
import io.redfleet.local.Standing;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.MachineCheck;
import io.redfleet.local.doctor.MachineCheck.NeededFile;
import io.redfleet.local.doctor.MachineCheck.SeenFile;
import io.redfleet.local.doctor.MachineCheck.SeenPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks at the machine and at the files of the home. */
final class MachineLook {
    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final Path TIMESYNC = Path.of("/run/systemd/timesync");

    private final Home home;
    private final Map<String, Standing> parts;

    MachineLook(Home home, Map<String, Standing> parts) {
        this.home = home;
        this.parts = parts;
    }

    List<Finding> findings() throws IOException {
        List<Finding> found = new ArrayList<>();
        found.add(MachineCheck.jdk(Runtime.version().feature()));
        if (!Files.isDirectory(home.root())) {
            found.add(Finding.unseen("machine", "home", "there is no " + home.root() + " yet"));
            return found;
        }
        found.add(MachineCheck.disk(
                home.root().toString(), Files.getFileStore(home.root()).getUsableSpace()));
        found.addAll(MachineCheck.files(files(), System.getProperty("user.name", "")));
        found.addAll(MachineCheck.needed(needed()));
        for (Standing part : parts.values()) {
            if (part.port() != 0) {
                Optional<String> stranger = part.alive() ? Optional.empty() : Standing.listener(part.port());
                MachineCheck.port(new SeenPort(part.part(), part.port(), part.alive(), stranger))
                        .ifPresent(found::add);
            }
        }
        clock().ifPresent(found::add);
        found.add(MachineCheck.ntp(ntp()));
        return found;
    }

    /** The root keeps others out of all that is below it; what must stand on its own is looked at one by one. */
    private List<SeenFile> files() throws IOException {
        List<SeenFile> seen = new ArrayList<>();
        for (Path path : List.of(home.root(), home.data(), home.logs(), home.run())) {
            see(path, seen);
        }
        for (Path directory : List.of(home.credentials(), home.backups())) {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> all = Files.walk(directory)) {
                    for (Path path : all.toList()) {
                        see(path, seen);
                    }
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                }
            }
        }
        return seen;
    }

    private static void see(Path path, List<SeenFile> seen) throws IOException {
        try {
            PosixFileAttributes found =
                    Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            // A public key is for everybody.
            if (!found.isSymbolicLink() && !path.toString().endsWith(".pub")) {
                seen.add(new SeenFile(
                        path.toString(),
                        found.isDirectory(),
                        PosixFilePermissions.toString(found.permissions()),
                        found.owner().getName()));
            }
        } catch (NoSuchFileException gone) {
            // A draft that was renamed meanwhile.
        }
    }

    private List<NeededFile> needed() {
        List<NeededFile> needed = new ArrayList<>();
        // Before the first start nothing is missing.
        if (Files.exists(Standing.databasePassword(home)) || Files.exists(home.adminToken())) {
            needed.add(new NeededFile(
                    home.adminToken().toString(),
                    "the admin token",
                    Files.exists(home.adminToken()),
                    "./redfleet restore FILE --with-keys puts it back; the tokens that people have go on working"));
            needed.add(new NeededFile(
                    Standing.databasePassword(home).toString(),
                    "the password of the alert-service's database",
                    Files.exists(Standing.databasePassword(home)),
                    "put it back from a copy of credentials/; PostgreSQL knows no other"));
        }
        return needed;
    }

    private Optional<Finding> clock() throws IOException {
        if (!Files.exists(UPTIME)) {
            return Optional.empty();
        }
        double uptime = Double.parseDouble(Files.readString(UPTIME).strip().split(" ", 2)[0]);
        Instant wall = Instant.now();
        return parts.values().stream()
                .filter(part -> part.alive() && part.startTicks() >= 0)
                .min(Comparator.comparingLong(Standing::startTicks))
                .map(first -> {
                    Duration byWall = Duration.between(first.recordedAt(), wall);
                    Duration byKernel = Duration.ofMillis((long) (uptime * 1000) - first.startTicks() * 10);
                    return MachineCheck.clock(first.part(), byWall.minus(byKernel));
                });
    }

    private static Optional<Boolean> ntp() {
        return Files.isDirectory(TIMESYNC)
                ? Optional.of(Files.exists(TIMESYNC.resolve("synchronized")))
                : Optional.empty();
    }
}
