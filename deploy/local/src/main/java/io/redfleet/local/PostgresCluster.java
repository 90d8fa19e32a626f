package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL's data directory: made once, and freed of what a killed postmaster left. */
record PostgresCluster(Home home, Path unpacked, Path data) {
    private static final Duration INIT_WITHIN = Duration.ofMinutes(2);

    /**
     * What goes before a command so that PostgreSQL, which refuses root, runs: a user namespace in which root is nobody,
     * with the rights of root's own files. Empty for everyone else.
     */
    static List<String> notAsRoot() throws StartRefused {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        String unshare = Detached.inPath("unshare")
                .orElseThrow(() -> new StartRefused("PostgreSQL does not run as root and there is no unshare"
                        + " (package util-linux) to help it: run ./redfleet as an ordinary user"));
        return List.of(unshare, "-U");
    }

    /** A directory that was only half made is not taken for a whole one: it gets its name last. */
    void createIfNew() throws IOException, InterruptedException, StartRefused {
        if (Files.isDirectory(data)) {
            return;
        }
        Path draft = data.resolveSibling("postgres.new");
        remove(draft);
        Credential superuser = Credential.at(home.credentials().resolve("postgres-superuser"));
        Credential role = Credential.at(PostgresPart.rolePassword(home));
        run(
                "",
                "bin/initdb",
                "-D",
                draft.toString(),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile=" + superuser.file(),
                "-E",
                "UTF8",
                "--locale=C");
        String statements = """
                CREATE ROLE %1$s LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '%2$s'
                CREATE DATABASE %3$s
                """.formatted(PostgresPart.ROLE, role.reveal(), PostgresPart.DATABASE);
        alone(draft, "postgres", statements);
        Files.deleteIfExists(home.data().resolve("postgres.closed"));
        Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Single-user mode: no server to reach, no password on a command line. One statement per line. */
    private void alone(Path directory, String database, String statements)
            throws IOException, InterruptedException, StartRefused {
        run(
                statements,
                "bin/postgres",
                "--single",
                "-D",
                directory.toString(),
                "-c",
                "exit_on_error=on",
                "-c",
                "log_min_error_statement=panic",
                database);
    }

    /**
     * Leaves the role its schema and nothing else: another's database cannot be entered, its own cannot be dropped, and
     * nobody but it makes tables there. Done once for each directory, those of an older version included; harmless when done
     * again.
     */
    void closeIfOpen() throws IOException, InterruptedException, StartRefused {
        Path done = home.data().resolve("postgres.closed");
        if (Files.exists(done)) {
            return;
        }
        String statements = """
                ALTER DATABASE %2$s OWNER TO postgres
                REVOKE ALL ON DATABASE %2$s FROM PUBLIC
                REVOKE ALL ON DATABASE postgres FROM PUBLIC
                REVOKE ALL ON DATABASE template1 FROM PUBLIC
                GRANT CONNECT, TEMPORARY ON DATABASE %2$s TO %1$s
                ALTER SCHEMA public OWNER TO %1$s
                REVOKE ALL ON SCHEMA public FROM PUBLIC
                """.formatted(PostgresPart.ROLE, PostgresPart.DATABASE);
        alone(data, PostgresPart.DATABASE, statements);
        OwnerOnly.file(done);
    }

    /**
     * Ends a postmaster of this directory that no record knows of, and takes away a lock file whose pid now belongs to
     * somebody else, at which PostgreSQL would refuse to start.
     */
    void endLeftover() throws IOException, InterruptedException, StartRefused {
        Path lock = data.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        List<String> lines = Files.readAllLines(lock);
        Life life =
                Life.of(lines.isEmpty() ? -1 : Long.parseLong(lines.getFirst().strip()));
        if (life.goesOn() && servesThisDirectory(life)) {
            if (Ending.of(life, "INT", Ending.POLITE) == Ending.How.STILL_THERE) {
                throw new StartRefused("an earlier PostgreSQL (pid " + life.pid() + ") cannot be ended");
            }
        }
        Files.deleteIfExists(lock);
    }

    private boolean servesThisDirectory(Life life) {
        return ProcessHandle.of(life.pid())
                .flatMap(process -> process.info().arguments())
                .filter(arguments -> List.of(arguments).contains(data.toString()))
                .isPresent();
    }

    private void run(String input, String program, String... arguments)
            throws IOException, InterruptedException, StartRefused {
        List<String> command = new ArrayList<>(Detached.CLOSED);
        command.addAll(notAsRoot());
        command.add(unpacked.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path log = OwnerOnly.file(home.log(PostgresPart.NAME));
        var builder = new ProcessBuilder(command)
                .directory(home.data().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LC_ALL", "C");
        int status = Errand.run(builder, input, INIT_WITHIN)
                .orElseThrow(() -> new StartRefused(program + " did not end within " + INIT_WITHIN.toSeconds() + " s"));
        if (status != 0) {
            throw new StartRefused(program + " ended with status " + status);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
