package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL on loopback, with its promises kept: fsync and synchronous commit on, passwords by SCRAM for everybody, no
 * socket in the file system, and the service's role owns its schema and nothing else.
 */
final class PostgresPart {
    static final String NAME = "postgres";
    static final String DATABASE = "redfleet";
    static final String ROLE = "redfleet_alert";
    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    /** Postmaster's own word for itself in the last line of postmaster.pid, which pg_ctl waits for as well. */
    private static final String ACCEPTS_CONNECTIONS = "ready";

    private PostgresPart() {}

    static Path rolePassword(Home home) {
        return home.credentials().resolve("postgres-alert");
    }

    static Part of(Home home, Ports ports, PostgresBinaries binaries) throws StartRefused {
        Path data = home.data().resolve("postgres");
        return new Part(
                NAME,
                ports.postgres(),
                // Fast shutdown: a client that stays connected does not keep it alive.
                "INT",
                binaries.version() + "/closed",
                READY_WITHIN,
                () -> prepare(home, ports, binaries, data),
                life -> saysReady(data, life) && Knock.postgres(ports.postgres()));
    }

    private static Part.Launch prepare(Home home, Ports ports, PostgresBinaries binaries, Path data)
            throws IOException, InterruptedException, StartRefused {
        Path unpacked = binaries.unpack();
        var cluster = new PostgresCluster(home, unpacked, data);
        cluster.createIfNew();
        cluster.endLeftover();
        cluster.closeIfOpen();
        List<String> command = new ArrayList<>(PostgresCluster.notAsRoot());
        command.addAll(List.of(unpacked.resolve("bin/postgres").toString(), "-D", data.toString()));
        settings(ports).forEach(setting -> command.addAll(List.of("-c", setting)));
        return new Part.Launch(command, Map.of("LC_ALL", "C"));
    }

    private static List<String> settings(Ports ports) {
        return List.of(
                "listen_addresses=" + Ports.LOOPBACK,
                "port=" + ports.postgres(),
                "unix_socket_directories=",
                "fsync=on",
                "synchronous_commit=on",
                "full_page_writes=on",
                "password_encryption=scram-sha-256",
                // One service with a pool of a few connections, and a person with psql.
                "max_connections=30",
                "shared_buffers=32MB",
                "max_wal_size=256MB",
                "log_min_messages=warning",
                "log_line_prefix=%m [%p] ");
    }

    private static boolean saysReady(Path data, Life life) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return false;
        }
        List<String> lines = Files.readAllLines(pidFile);
        return lines.size() >= 8
                && lines.getFirst().strip().equals(Long.toString(life.pid()))
                && lines.get(7).strip().equals(ACCEPTS_CONNECTIONS);
    }
}
