package io.redfleet.monitor.edge.config;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A monitor in a process of its own, under a lasting name and with a home that outlives it. */
final class MonitorChild implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);

    private final List<String> command;
    private final Path home;
    private final String instance;
    private Child child;

    private MonitorChild(List<String> command, Path home, String instance) {
        this.command = command;
        this.home = home;
        this.instance = instance;
        this.child = launch();
    }

    /** Returns at once; see {@link #awaitReady()}. */
    static MonitorChild start(TestBroker broker, Path directory, String instance, Duration settle) {
        try {
            Path home = Files.createDirectories(directory.resolve(instance));
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx96m",
                    "-Xss512k",
                    "-cp",
                    System.getProperty("java.class.path"),
                    MonitorChild.class.getName(),
                    broker.bootstrap(),
                    broker.login("monitor").toString(),
                    home.toString(),
                    instance,
                    settle.toString());
            return new MonitorChild(command, home, instance);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String instance() {
        return instance;
    }

    boolean alive() {
        return child.alive();
    }

    void kill9() {
        child.kill9();
    }

    void freeze() {
        child.freeze();
    }

    void thaw() {
        child.thaw();
    }

    /** The next process of this name; returns at once. */
    void startAgain() {
        if (child.alive()) {
            throw new IllegalStateException(instance + " still runs");
        }
        child = launch();
    }

    /** Until it has been put together and says anything at all. */
    void awaitWord() {
        Await.until(instance + " says something", READY_WITHIN, () -> Files.exists(state()) || !child.alive());
    }

    void awaitReady() {
        Await.until(instance + " is ready", READY_WITHIN, () -> unready().isEmpty() || !child.alive());
        if (!child.alive()) {
            throw new AssertionError(instance + " ended:\n" + child.output());
        }
    }

    /** As it says itself; what it last said, while it is frozen. */
    String unready() {
        try {
            return Files.exists(state()) ? Files.readString(state()) : "not started";
        } catch (IOException e) {
            return "its word cannot be read";
        }
    }

    String output() {
        return child.output();
    }

    @Override
    public void close() {
        child.kill9();
    }

    private Path state() {
        return home.resolve("state");
    }

    private Child launch() {
        try {
            Files.deleteIfExists(state());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Child.start(command, home, home.resolve("log"));
    }

    /** Says into a file, five times a second, why it is not ready; empty when it is. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path home = Path.of(args[2]);
        MonitorConfig config = config(args[0], Path.of(args[1]), home, args[3], Duration.parse(args[4]));
        MonitorProcess monitor = new MonitorProcess(config, Vertx.vertx(), new SimpleMeterRegistry(), log());
        Path next = home.resolve("state.next");
        while (true) {
            Files.writeString(next, monitor.unready());
            Files.move(next, home.resolve("state"), StandardCopyOption.ATOMIC_MOVE);
            Thread.sleep(200);
        }
    }

    static MonitorLog log() {
        return Logger.getMessageLogger(MethodHandles.lookup(), MonitorLog.class, "io.redfleet.monitor");
    }

    static MonitorConfig config(String bootstrap, Path login, Path home, String instance, Duration settle) {
        MonitorConfig.Monitor monitor = new MonitorConfig.Monitor() {
            @Override
            public Duration settle() {
                return settle;
            }

            @Override
            public long outboxBytes() {
                return 16L << 20;
            }
        };
        return new MonitorConfig() {
            @Override
            public Path home() {
                return home;
            }

            @Override
            public String bootstrap() {
                return bootstrap;
            }

            @Override
            public Optional<Path> kafkaClient() {
                return Optional.of(login);
            }

            @Override
            public String instance() {
                return instance;
            }

            @Override
            public Monitor monitor() {
                return monitor;
            }
        };
    }
}
