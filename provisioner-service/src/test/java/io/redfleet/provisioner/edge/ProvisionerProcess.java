package io.redfleet.provisioner.edge;

import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.provisioner.edge.config.Assembly;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A provisioner in a process of its own, which can be stopped and killed. */
final class ProvisionerProcess {
    private static final String READY = "ready.";

    private ProvisionerProcess() {}

    /** Returns once it reads orders. */
    static Child start(Path home, Path credentials, TestBroker broker, String instance) throws IOException {
        Path own = home.resolve("home-" + instance);
        Path owned = Files.createDirectories(own.resolve("credentials"));
        // One key for all of them, as in one home: what one has sealed, the next owner opens.
        AudienceKey.create(AudienceKey.file(home, ServiceName.PROVISIONER), new SecureRandom());
        AudienceKey.create(AudienceKey.file(home, ServiceName.MONITOR), new SecureRandom());
        AudienceKey.create(AudienceKey.file(home, ServiceName.GATEWAY), new SecureRandom());
        Path keys = AudienceKey.file(home, ServiceName.PROVISIONER).getParent();
        for (Map.Entry<Path, Path> link : Map.of(owned.resolve("ssh"), credentials, owned.resolve("keys"), keys)
                .entrySet()) {
            if (Files.notExists(link.getKey())) {
                Files.createSymbolicLink(link.getKey(), link.getValue());
            }
        }
        Path log = home.resolve(instance + "-" + System.nanoTime() + ".log");
        Child child = Child.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ProvisionerProcess.class.getName(),
                        own.toString(),
                        broker.bootstrap(),
                        instance,
                        broker.login("provisioner").toString()),
                home,
                log);
        Await.until(
                instance + " reads orders",
                Duration.ofSeconds(60),
                () -> child.output().contains(READY));
        return child;
    }

    public static void main(String[] args) throws Exception {
        Assembly assembly =
                Assembly.of(new SmallSettings(args[0], args[1], args[2], Path.of(args[3])), Optional.empty());
        assembly.open();
        Await.until(
                "the bus",
                Duration.ofSeconds(60),
                () -> assembly.bus().notReady().isEmpty());
        System.out.println(READY);
        new CountDownLatch(1).await();
    }
}
