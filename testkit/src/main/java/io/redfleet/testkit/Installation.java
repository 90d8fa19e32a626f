package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Redfleet of its own: the whole local stack in a temporary home, on ports that nobody else uses, raised and ended by the
 * same programs that {@code ./redfleet up} and {@code down} run.
 */
public final class Installation implements AutoCloseable {
    private static final Duration UP_WITHIN = Duration.ofMinutes(2);
    private static final List<Integer> PORTS = List.of(8080, 8471, 8472, 8473, 8474, 19092, 15432);

    private final Path home;
    private final int offset;
    private final int instances;

    private Installation(Path home, int offset, int instances) {
        this.home = home;
        this.offset = offset;
        this.instances = instances;
    }

    public static Installation up(Path home) {
        return up(home, 1);
    }

    /** Two or more of each service side by side. */
    public static Installation up(Path home, int instances) {
        Installation installation = new Installation(home, freeOffset(), instances);
        installation.raise();
        return installation;
    }

    /** Starts what is not running; harmless when everything is. */
    public void raise() {
        Path log = beside("up.log");
        List<String> arguments =
                List.of("--port-offset", String.valueOf(offset), "--instances", String.valueOf(instances));
        int status = run("io.redfleet.local.Up", arguments, log, UP_WITHIN);
        if (status != 0) {
            throw new AssertionError("up ended with " + status + ":\n" + text(log));
        }
    }

    /** What a program of the stack came to: its exit status, and all it said. */
    public record Said(int status, String text) {}

    /** Runs one of the programs beside {@code up}, such as {@code io.redfleet.local.backup.MakeBackup}, on this stack. */
    public Said said(String main, String... arguments) {
        Path log = beside(main.substring(main.lastIndexOf('.') + 1) + "-" + System.nanoTime() + ".log");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--port-offset", String.valueOf(offset)));
        return new Said(run(main, all, log, UP_WITHIN), text(log));
    }

    /** What a person is shown by {@code redfleet} with these arguments, on this stack and as its administrator. */
    public Said commandLine(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", gateway()));
        return withoutGateway(all.toArray(String[]::new));
    }

    /** As {@link #commandLine}, of what asks no gateway. */
    public Said withoutGateway(String... arguments) {
        Path log = beside("redfleet-" + System.nanoTime() + ".log");
        return new Said(run("io.redfleet.cli.Main", List.of(arguments), log, UP_WITHIN), text(log));
    }

    public Path home() {
        return home;
    }

    public String gateway() {
        return "http://127.0.0.1:" + (8080 + offset);
    }

    /** Where a part listens: {@code gateway}, {@code postgres} and so on, {@code collector} too. */
    public int port(String part) {
        return offset
                + switch (part) {
                    case "gateway" -> 8080;
                    case "provisioner" -> 8471;
                    case "monitor" -> 8472;
                    case "alert" -> 8473;
                    case "collector" -> 8474;
                    case "kafka" -> 19092;
                    case "postgres" -> 15432;
                    default -> throw new IllegalArgumentException("no part " + part);
                };
    }

    /** Of an instance other than the first. */
    public String gateway(int instance) {
        return "http://127.0.0.1:" + (8080 + offset + 10 * instance);
    }

    public String bootstrap() {
        return "127.0.0.1:" + (19092 + offset);
    }

    /** The client properties of an account of the broker, as {@code up} has made them. */
    public Path login(String account) {
        return home.resolve("credentials/kafka/" + account + ".properties");
    }

    public String adminToken() {
        return text(home.resolve("credentials/admin-token")).strip();
    }

    /** The process of a part, as its pid file names it: {@code kafka}, {@code postgres}, {@code monitor} and so on. */
    public ProcessHandle process(String part) {
        String pid = text(home.resolve("run/" + part + ".pid"))
                .lines()
                .filter(line -> line.startsWith("pid="))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no record of " + part));
        return ProcessHandle.of(Long.parseLong(pid.substring("pid=".length())))
                .orElseThrow(() -> new AssertionError(part + " is not running; its log:\n" + log(part)));
    }

    public String log(String part) {
        return text(home.resolve("logs/" + part + ".log"));
    }

    @Override
    public void close() {
        Path log = beside("down.log");
        int status = run("io.redfleet.local.Down", List.of(), log, Duration.ofMinutes(1));
        if (status != 0) {
            throw new AssertionError("down ended with " + status + ":\n" + text(log));
        }
    }

    /** Not in the home: up refuses a directory that holds what is not its own. */
    private Path beside(String name) {
        return home.resolveSibling(home.getFileName() + "-" + name);
    }

    private int run(String main, List<String> arguments, Path log, Duration within) {
        Path root = Checkout.root();
        Path local = root.resolve("deploy/local/target");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dredfleet.checkout=" + root,
                "-cp",
                local.resolve("classes") + File.pathSeparator + local.resolve("lib") + "/*",
                main));
        command.addAll(arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(Map.of("REDFLEET_HOME", home.toString()));
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(main + " did not end within " + within + ":\n" + text(log));
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An offset at which every port of the stack is free now. */
    private static int freeOffset() {
        for (int attempt = 0; attempt < 50; attempt++) {
            int candidate = 100 + (int) (ProcessHandle.current().pid() * 37 + attempt * 101L) % 9_000;
            if (PORTS.stream().allMatch(port -> free(port + candidate))) {
                return candidate;
            }
        }
        throw new AssertionError("no free ports for a stack");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.getLocalPort() == port;
        } catch (IOException e) {
            return false;
        }
    }
}
