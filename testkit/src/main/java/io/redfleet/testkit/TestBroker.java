package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker as a child process, on an ephemeral port with an empty data directory.
 *
 * <p>{@link #shared()} is one broker for all tests of this JVM, so tests use topics and groups of their own names, or
 * keys that no other test uses. A test that stops or kills its broker takes its own from {@link #start()}. The broker
 * ends with this JVM, however that ends.
 */
public final class TestBroker implements AutoCloseable {
    /** System property; the environment says it as {@code REDFLEET_TEST_BOOTSTRAP}. */
    public static final String HANDED_ON = "redfleet.test.bootstrap";

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static @Nullable TestBroker shared;

    private final @Nullable TempDirectory home;
    private final String bootstrap;
    private @Nullable Child child;

    private TestBroker(@Nullable TempDirectory home, @Nullable Child child, String bootstrap) {
        this.home = home;
        this.child = child;
        this.bootstrap = bootstrap;
    }

    /** The broker of this JVM, or the one that the build handed on. Closing it does nothing: it ends with the JVM. */
    public static synchronized TestBroker shared() {
        if (shared == null) {
            TestBroker broker = handedOn()
                    .map(address -> new TestBroker(null, null, address))
                    .orElseGet(TestBroker::start);
            Runtime.getRuntime().addShutdownHook(new Thread(broker::end, "test-broker-end"));
            shared = broker;
        }
        return shared;
    }

    /** A broker for one test alone. */
    public static TestBroker start() {
        TempDirectory home = TempDirectory.named("broker");
        Child child = launch(home.path(), "0");
        return new TestBroker(home, child, awaitReady(home.path(), child));
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** SIGKILL. Only on a broker of one's own, like the three methods that follow. */
    public void kill9() {
        own().kill9();
    }

    public void stop() {
        own().stop();
    }

    public void freeze() {
        own().freeze();
    }

    public void thaw() {
        own().thaw();
    }

    /** Starts it again after {@link #kill9()} or {@link #stop()}: same address, same data. */
    public void restart() {
        if (home == null || own().alive()) {
            throw new IllegalStateException("only an ended broker of one's own is started again");
        }
        child = launch(home.path(), bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
        awaitReady(home.path(), child);
    }

    @Override
    public synchronized void close() {
        if (!isShared(this)) {
            end();
        }
    }

    private static synchronized boolean isShared(TestBroker broker) {
        return broker == shared;
    }

    private void end() {
        if (child != null) {
            // Nobody reads this data again: no need for a controlled shutdown.
            child.kill9();
        }
        if (home != null) {
            home.close();
        }
    }

    private Child own() {
        if (child == null || isShared(this)) {
            throw new IllegalStateException("others use this broker: take one from TestBroker.start()");
        }
        return child;
    }

    private static Optional<String> handedOn() {
        return Optional.ofNullable(System.getProperty(HANDED_ON))
                .or(() -> Optional.ofNullable(System.getenv("REDFLEET_TEST_BOOTSTRAP")))
                .filter(address -> !address.isBlank());
    }

    private static Child launch(Path home, String port) {
        Path built = Checkout.root().resolve("deploy/broker/target");
        if (!Files.isDirectory(built.resolve("lib")) || !Files.isDirectory(built.resolve("classes"))) {
            throw new IllegalStateException("build deploy/broker first: " + built + " has no classes and lib");
        }
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms32m",
                "-Xmx256m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=128m",
                "-cp",
                built.resolve("classes") + File.pathSeparator + built.resolve("lib") + File.separator + "*",
                "io.redfleet.broker.Broker",
                home.resolve("data").toString(),
                port,
                readyFile(home).toString(),
                Long.toString(ProcessHandle.current().pid()));
        try {
            Files.deleteIfExists(readyFile(home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Child.start(command, home, home.resolve("broker.log"));
    }

    private static String awaitReady(Path home, Child child) {
        Path ready = readyFile(home);
        Await.until("a ready broker", READY_WITHIN, () -> Files.exists(ready) || !child.alive());
        if (!Files.exists(ready)) {
            throw new AssertionError("the broker ended before it was ready:\n" + child.output());
        }
        var properties = new Properties();
        try (var in = Files.newBufferedReader(ready)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("bootstrap");
    }

    private static Path readyFile(Path home) {
        return home.resolve("ready");
    }
}
