package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The broker: a JVM of its own with its own class path. */
final class KafkaPart {
    static final String NAME = "kafka";
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private KafkaPart() {}

    static Part of(Home home, Ports ports, Built built) throws IOException, StartRefused {
        Path ready = home.run().resolve("kafka.ready");
        KafkaAccounts accounts = KafkaAccounts.of(home);
        accounts.make();
        List<String> command = new ArrayList<>(List.of(
                Built.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms64m",
                "-Xmx256m",
                "-Xss512k",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                Built.UNSEEN));
        command.addAll(Built.archived(built.broker().resolve("classes.jsa")));
        command.addAll(List.of(
                "-cp",
                built.brokerClassPath(),
                "io.redfleet.broker.Broker",
                home.data().resolve("kafka").toString(),
                Integer.toString(ports.kafka()),
                ready.toString(),
                accounts.directory().toString()));
        return new Part(
                NAME,
                ports.kafka(),
                "TERM",
                Built.stamp(built.broker().resolve("lib")) + "/" + accounts.stamp(),
                READY_WITHIN,
                () -> {
                    Files.deleteIfExists(ready);
                    return new Part.Launch(command, Map.of());
                },
                life -> Files.exists(ready)
                        && Files.readAllLines(ready).contains("pid=" + life.pid())
                        && Knock.kafka(ports.kafka()));
    }
}
