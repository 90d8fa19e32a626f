package io.redfleet.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker as a child process, on an ephemeral port with an empty data directory. It lets nobody in without a
 * login: a test has its administrator's, and the part under test its own, by their files.
 *
 * <p>{@link #shared()} is one broker for all tests of this JVM, so tests use topics and groups of their own names, or
 * keys that no other test uses. A test that stops or kills its broker takes its own from {@link #start()}. The broker
 * ends with this JVM, however that ends.
 */
public final class TestBroker implements AutoCloseable {
    private static final List<String> ACCOUNTS =
            List.of("admin", "provisioner", "monitor", "alert", "gateway", "consumer");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(60);
    private static @Nullable TestBroker shared;

    private final TempDirectory home;
    private final Path data;
    private final String bootstrap;
    private Child child;

    private TestBroker(TempDirectory home, Path data, Child child, String bootstrap) {
        this.home = home;
        this.data = data;
        this.child = child;
        this.bootstrap = bootstrap;
    }

    /** The broker of this JVM. Closing it does nothing: it ends with the JVM. */
    public static synchronized TestBroker shared() {
        if (shared == null) {
            TestBroker broker = start();
            Runtime.getRuntime().addShutdownHook(new Thread(broker::end, "test-broker-end"));
            shared = broker;
        }
        return shared;
    }

    /** A broker for one test alone. */
    public static TestBroker start() {
        TempDirectory home = TempDirectory.named("broker");
        return start(home, home.path().resolve("data"));
    }

    /** A broker for one test alone that keeps its data in a directory of the test's choice, which need not be there yet. */
    public static TestBroker startOn(Path data) {
        return start(TempDirectory.named("broker"), data);
    }

    private static TestBroker start(TempDirectory home, Path data) {
        enrol(accounts(home.path()));
        Child child = launch(home.path(), data, "0");
        return new TestBroker(home, data, child, awaitReady(home.path(), child));
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** The client properties of an account, in a file for its owner alone: {@code monitor}, {@code consumer} and so on. */
    public Path login(String account) {
        return accounts(home.path()).resolve(account + ".properties");
    }

    /** What the administrator's clients need beside the address. */
    public Map<String, String> admin() {
        return settings(login("admin"));
    }

    /** The settings in a client properties file. */
    public static Map<String, String> settings(Path file) {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }

    /** Whether its process still runs; a broker that cannot write ends itself. */
    public boolean alive() {
        return child.alive();
    }

    /** What it has logged so far. */
    public String output() {
        return child.output();
    }

    /** SIGKILL. Only on a broker of one's own, like the three methods that follow. */
    public void kill9() {
        own().kill9();
    }

    /** SIGTERM. The first one of a build also writes down which classes it has loaded: that takes it seconds. */
    public void stop() {
        own().stop(ENDED_WITHIN);
    }

    public void freeze() {
        own().freeze();
    }

    public void thaw() {
        own().thaw();
    }

    /** Starts it again after {@link #kill9()} or {@link #stop()}: same address, same data. */
    public void restart() {
        if (own().alive()) {
            throw new IllegalStateException("only an ended broker of one's own is started again");
        }
        child = launch(home.path(), data, bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
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
        // Nobody reads this data again: no need for a controlled shutdown.
        child.kill9();
        home.close();
    }

    private Child own() {
        if (isShared(this)) {
            throw new IllegalStateException("others use this broker: take one from TestBroker.start()");
        }
        return child;
    }

    private static Child launch(Path home, Path data, String port) {
        Path built = built();
        if (!Files.isDirectory(built.resolve("lib"))) {
            throw new IllegalStateException("build deploy/broker first: " + built + " has no lib");
        }
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms32m",
                "-Xmx256m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=128m",
                // As `up` has it: what an earlier one has loaded is mapped from a file beside the build.
                "-XX:+AutoCreateSharedArchive",
                "-XX:SharedArchiveFile=" + classes(),
                "-Xshare:auto",
                "-Xlog:cds*=off",
                "-cp",
                built.resolve("lib") + File.separator + "*",
                "io.redfleet.broker.Broker",
                data.toString(),
                port,
                readyFile(home).toString(),
                accounts(home).toString(),
                Long.toString(ProcessHandle.current().pid()));
        try {
            Files.deleteIfExists(readyFile(home));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Child.start(command, home, home.resolve("broker.log"));
    }

    private static Path built() {
        return Checkout.root().resolve("deploy/broker/target");
    }

    /** The classes that a broker of this build has loaded, for the next one. */
    static Path classes() {
        return built().resolve("classes.jsa");
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

    private static void enrol(Path directory) {
        try {
            Files.createDirectory(directory);
            for (String account : ACCOUNTS) {
                Path file = Files.createFile(directory.resolve(account + ".properties"), OWNER_ONLY);
                Files.writeString(file, """
                        security.protocol=SASL_PLAINTEXT
                        sasl.mechanism=SCRAM-SHA-512
                        sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
                          username="%s" password="%s";
                        """.formatted(account, UUID.randomUUID()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path accounts(Path home) {
        return home.resolve("accounts");
    }

    private static Path readyFile(Path home) {
        return home.resolve("ready");
    }
}
