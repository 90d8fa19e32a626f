package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Debian's Monit, whose word on its own language counts. Nothing of it stays outside the directory that it is given. */
public final class RealMonit {
    /** Why a test is skipped where it is not. */
    public static final String MISSING = "Monit is not installed: apt-get install monit";

    private static final long ANSWERS_WITHIN_SECONDS = 20;

    private final Path binary;
    private final Path home;
    private @Nullable Process daemon;

    private RealMonit(Path binary, Path home) {
        this.binary = binary;
        this.home = home;
    }

    /** What {@code monit -t} said. */
    public record Syntax(boolean ok, String output) {}

    /** @param home a directory of the caller's for what Monit writes */
    public static Optional<RealMonit> in(Path home) {
        return Arrays.stream(
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, "monit"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(binary -> new RealMonit(binary, home));
    }

    public Syntax syntax(String controlFile) throws IOException {
        // Where it keeps its id it takes from the password file, not from HOME.
        Process process = run(controlFile + "\nset idfile " + home.resolve("id") + "\n", "-t");
        try {
            if (!process.waitFor(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("monit -t does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(home.resolve("output"), StandardCharsets.ISO_8859_1);
        return new Syntax(process.exitValue() == 0, output);
    }

    /** Runs it in the foreground and with all it has to say ({@code -v}), until {@link #end}. */
    public void begin(String controlFile) throws IOException {
        daemon = run(controlFile, "-v", "-I");
    }

    /** The one that was begun. */
    public ProcessHandle process() {
        if (daemon == null) {
            throw new IllegalStateException("not begun");
        }
        return daemon.toHandle();
    }

    /** SIGHUP: it reads its control file again, and knows nothing of its services until it has looked. */
    public void reload() throws IOException {
        signal("HUP");
    }

    /** @param name as {@code kill} has it, without {@code SIG} */
    public void signal(String name) throws IOException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process().pid())).start();
    }

    public void end() {
        if (daemon != null) {
            daemon.destroyForcibly();
        }
    }

    private Process run(String controlFile, String... options) throws IOException {
        Path file = home.resolve("monitrc");
        Files.writeString(file, controlFile);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        List<String> words = new ArrayList<>(List.of(binary.toString(), "-c", file.toString()));
        words.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("HOME", home.toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(home.resolve("output").toFile())
                .start();
    }
}
