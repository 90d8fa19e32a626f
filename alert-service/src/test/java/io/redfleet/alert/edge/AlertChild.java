package io.redfleet.alert.edge;

import io.redfleet.alert.delivery.Receiver;
import io.redfleet.alert.edge.config.Engine;
import io.redfleet.alert.edge.webhook.Addresses;
import io.redfleet.alert.edge.webhook.Secret;
import io.redfleet.alert.edge.webhook.Webhook;
import io.redfleet.alert.route.ReceiverName;
import io.redfleet.bus.BusSettings;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** The engine in a process of its own; it names itself to the receiver by its secret. */
final class AlertChild implements AutoCloseable {
    /** For one attempt; the claim of an attempt whose process has died runs out five seconds later. */
    static final Duration DEADLINE = Duration.ofSeconds(4);

    /** How long after its last notice the receiver is reminded of what lasts. */
    static final Duration REPEAT = Duration.ofHours(1);

    private final Child child;
    private final Path ready;
    private final String name;

    private AlertChild(Child child, Path ready, String name) {
        this.child = child;
        this.ready = ready;
        this.name = name;
    }

    static AlertChild start(Path directory, String name, TestBroker broker, String jdbc, URI pager) {
        Path ready = directory.resolve(name + ".ready");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx96m",
                "-cp",
                System.getProperty("java.class.path"),
                AlertChild.class.getName(),
                name,
                broker.bootstrap(),
                broker.login("alert").toString(),
                jdbc,
                pager.toString(),
                ready.toString());
        return new AlertChild(Child.start(command, directory, directory.resolve(name + ".log")), ready, name);
    }

    String name() {
        return name;
    }

    void awaitReady() {
        Await.until(name + " is ready", Duration.ofSeconds(60), () -> Files.exists(ready) || !child.alive());
        if (!child.alive()) {
            throw new AssertionError(child.output());
        }
    }

    void kill9() {
        child.kill9();
    }

    @Override
    public void close() {
        child.kill9();
    }

    /** Runs until it is killed. */
    public static void main(String[] args) throws IOException, InterruptedException {
        var database = new PGSimpleDataSource();
        database.setUrl(args[3]);
        database.setUser("postgres");
        Webhook.Target target = new Webhook.Target(URI.create(args[4]), new Secret(args[0]), DEADLINE);
        Receiver receiver = new Webhook(target, new Addresses(true));
        var settings = BusSettings.of(args[1], "alert-test", Path.of(args[2]));
        Engine engine = Rig.engine(settings, database, database, Map.of(new ReceiverName("pager"), receiver));
        engine.start();
        Await.until(
                "a started engine",
                Duration.ofSeconds(60),
                () -> engine.troubles().isEmpty());
        Files.createFile(Path.of(args[5]));
        Thread.currentThread().join();
    }
}
