package io.redfleet.local;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestAuthority;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** Kafka itself, set up otherwise than {@code up} does. */
final class RawBroker {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Child kafka;

    private RawBroker(Child kafka) {
        this.kafka = kafka;
    }

    /** As the release before logins set it up, in its data directory. */
    static RawBroker withoutLogins(Path data, int port) throws IOException {
        return start(data, port, """
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=PLAINTEXT
                """);
    }

    /** Shows that certificate and lets in {@code service} with the password {@code changeit}, over TLS alone. */
    static RawBroker withTls(Path data, int port, TestAuthority.Signed shown) throws IOException {
        Files.createDirectories(data);
        Path store = data.resolve("broker.pem");
        Files.writeString(store, Files.readString(shown.key()) + Files.readString(shown.certificate()));
        return start(data, port, """
                listeners=TLS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=TLS://127.0.0.1:%1$d
                listener.security.protocol.map=TLS:SASL_SSL,CONTROLLER:PLAINTEXT
                inter.broker.listener.name=TLS
                sasl.enabled.mechanisms=PLAIN
                sasl.mechanism.inter.broker.protocol=PLAIN
                listener.name.tls.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule \\
                  required username="service" password="changeit" user_service="changeit";
                ssl.keystore.type=PEM
                ssl.keystore.location=%3$s
                ssl.truststore.type=PEM
                ssl.truststore.location=%4$s
                """.replace("%3$s", store.toString())
                .replace("%4$s", shown.certificate().toString()));
    }

    void stop() {
        kafka.stop();
    }

    private static RawBroker start(Path data, int port, String listeners) throws IOException {
        Files.createDirectories(data);
        int controller = port + 1;
        String id = Uuid.randomUuid().toString();
        Files.writeString(data.resolve("cluster-id"), id);
        Path file = data.resolve("server.properties");
        Files.writeString(file, """
                process.roles=broker,controller
                node.id=1
                controller.listener.names=CONTROLLER
                controller.quorum.voters=1@127.0.0.1:%2$d
                log.dirs=%1$s
                offsets.topic.replication.factor=1
                log.cleaner.dedupe.buffer.size=8388608
                """.formatted(data.resolve("log"), controller) + listeners.formatted(port, controller));
        run(data, java("kafka.tools.StorageTool", "format", "-t", id, "-c", file.toString()));
        Child kafka = Child.start(java("kafka.Kafka", file.toString()), data, data.resolve("raw.log"));
        Await.until("a broker", READY_WITHIN, () -> !PortOwner.free(port) || !kafka.alive());
        if (!kafka.alive()) {
            throw new AssertionError("the broker has ended:\n" + kafka.output());
        }
        return new RawBroker(kafka);
    }

    private static void run(Path directory, List<String> command) throws IOException {
        Files.createDirectories(directory);
        Child child = Child.start(command, directory, directory.resolve("set-up.log"));
        Await.until("the end of " + command.getFirst(), READY_WITHIN, () -> !child.alive());
    }

    private static List<String> java(String main, String... arguments) {
        Path lib = Checkout.root().resolve("deploy/broker/target/lib");
        List<String> command = new ArrayList<>(
                List.of(Built.java(), "-XX:+UseSerialGC", "-Xmx256m", "-cp", lib + File.separator + "*", main));
        command.addAll(List.of(arguments));
        return command;
    }
}
