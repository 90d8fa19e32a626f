package io.redfleet.broker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.LogManager;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Runs one broker until it is told to stop (SIGTERM: Kafka's controlled shutdown).
 *
 * <p>Arguments: data directory, listen port (0: a free one is chosen), ready file, directory of the accounts ({@link
 * Accounts}), and optionally the pid of a process whose end is also the end of the broker. The data directory is formatted
 * if it is new and kept if it is not; at each start the accounts become exactly those of the directory, so that a home from
 * before there were any, or a password that was drawn anew, needs nothing but a start. The ready file appears, whole, once
 * an account has been answered. Ends with status 2 on bad usage, 1 if the broker cannot start or does not answer within a
 * minute.
 */
public final class Broker {
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    private Broker() {}

    public static void main(String[] args) throws IOException {
        if (args.length < 4 || args.length > 5) {
            System.err.println("usage: Broker DATA-DIRECTORY PORT READY-FILE ACCOUNTS-DIRECTORY [END-WITH-PID]");
            System.exit(2);
            return;
        }
        quietLogs();
        Path data = Path.of(args[0]).toAbsolutePath();
        Path ready = Path.of(args[2]).toAbsolutePath();
        Files.createDirectories(data);
        Files.deleteIfExists(ready);
        if (args.length == 5) {
            endWith(Long.parseLong(args[4]));
        }

        Accounts accounts = Accounts.in(Path.of(args[3]).toAbsolutePath());
        BrokerSettings settings = BrokerSettings.of(data, Integer.parseInt(args[1]));
        Path properties = settings.write();
        format(properties, settings.clusterId());
        InnerLogin inner = InnerLogin.installed();
        new Readiness(settings, new Enrolment(accounts, inner, READY_WITHIN)).announce(ready);
        Kafka.main(new String[] {properties.toString()});
    }

    private static void format(Path properties, String clusterId) {
        String[] arguments = {"format", "--ignore-formatted", "-t", clusterId, "-c", properties.toString()};
        var said = new ByteArrayOutputStream();
        int status = StorageTool.execute(arguments, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (status != 0) {
            System.err.println("The broker's storage cannot be formatted:");
            System.err.println(said.toString(StandardCharsets.UTF_8));
            System.exit(1);
        }
    }

    private static void endWith(long pid) {
        ProcessHandle master = ProcessHandle.of(pid).orElse(null);
        if (master == null) {
            System.err.println("No process " + pid + " to end with.");
            System.exit(2);
            return;
        }
        Thread.ofPlatform().daemon().name("end-with").start(() -> {
            master.onExit().join();
            System.exit(0);
        });
    }

    /** One line per warning on standard error; a broker at Kafka's own level writes a thousand lines per start. */
    private static void quietLogs() {
        String config = """
                handlers=java.util.logging.ConsoleHandler
                .level=WARNING
                # The readiness probe knocks until the door opens.
                org.apache.kafka.clients.NetworkClient.level=SEVERE
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s %5$s%6$s%n
                """;
        try (var in = new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8))) {
            LogManager.getLogManager().readConfiguration(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
