package io.redfleet.local;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.sealed.AudienceKey;
import io.redfleet.bus.topics.Account;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.local.backup.DailyBackup;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;

/**
 * {@code ./redfleet up [--port-offset N] [--instances N]}: everything a person needs on one machine. Run twice it does
 * nothing the second time. Ends with 0 when all is ready, 1 if a part failed, 2 on bad usage.
 */
public final class Up {
    private static final long NEEDED_BYTES = 1024L * 1024 * 1024;
    private static final Duration TOPICS_WITHIN = Duration.ofSeconds(30);

    private final Home home;
    private final Ports ports;
    private final Screen screen;

    Up(Home home, Ports ports, Screen screen) {
        this.home = home;
        this.ports = ports;
        this.screen = screen;
    }

    /** The checkout is the system property {@code redfleet.checkout}. */
    public static void main(String[] arguments) throws InterruptedException {
        var screen = new Screen(System.out);
        Map<String, String> environment = System.getenv();
        try {
            raised(arguments, environment, screen).farewell();
        } catch (IllegalArgumentException e) {
            System.err.println("redfleet up: " + e.getMessage());
            System.exit(2);
        } catch (StartRefused e) {
            System.err.println("redfleet up: " + e.getMessage());
            System.exit(1);
        } catch (IOException e) {
            System.err.println("redfleet up: " + words(e));
            System.exit(1);
        }
    }

    /** No place to write to, no space left: a matter for the person, who needs no stack trace for it. */
    public static String words(IOException e) {
        String kind = e.getClass().getSimpleName();
        return e instanceof FileSystemException at
                ? at.getFile() + ": " + Objects.requireNonNullElse(at.getReason(), kind)
                : Objects.requireNonNullElse(e.getMessage(), kind);
    }

    /**
     * The whole stack, ready.
     *
     * @throws IllegalArgumentException if the arguments are not those of {@code up}
     */
    public static Up raised(String[] arguments, Map<String, String> environment, Screen screen)
            throws IOException, InterruptedException, StartRefused {
        var up = new Up(Home.of(environment), Ports.of(arguments, environment), screen);
        Path checkout = Path.of(System.getProperty("redfleet.checkout", ""));
        up.run(new Built(checkout.toAbsolutePath()), Ports.instances(arguments), environment);
        return up;
    }

    private void run(Built built, int instances, Map<String, String> environment)
            throws IOException, InterruptedException, StartRefused {
        long begun = System.nanoTime();
        home.prepare();
        // What is missing is said before anything is started.
        List<Part> ground = List.of(
                KafkaPart.of(home, ports, built), PostgresPart.of(home, ports, PostgresBinaries.of(environment)));
        List<List<Part>> services = new ArrayList<>();
        for (int instance = 0; instance < instances; instance++) {
            services.add(ServicePart.all(home, ports, built, instance));
        }
        services.add(List.of(DailyPart.of(home, ports, built, DailyPart.EVERY)));
        screen.line("Redfleet on this machine, at home in " + home.root());
        raise(ground, services);
        // What goes wrong with it is said, and no reason to be down.
        DailyBackup.look(home, ports, screen, Instant.now());
        screen.line("Up in " + Screen.seconds(Duration.ofNanos(System.nanoTime() - begun)) + ".");
    }

    /** Kafka and PostgreSQL first, then the topics, then the services; all or nothing of what was not there before. */
    @SuppressWarnings("try") // The lock is held, not used.
    void raise(List<Part> ground, List<List<Part>> services) throws IOException, InterruptedException, StartRefused {
        home.prepare();
        requireSpace();
        makeKeys();
        try (var lock = HomeLock.take(home, screen)) {
            Credential.at(home.metricsKey());
            var stack = new Stack(home, screen);
            var settled = new AtomicBoolean();
            Thread interrupted = new Thread(() -> withdrawUnless(settled, stack), "withdraw");
            Runtime.getRuntime().addShutdownHook(interrupted);
            try {
                stack.raise(ground);
                makeTopics();
                // One after another: what only the first of a kind makes (tables, the first token) is there for the
                // next.
                for (List<Part> instance : services) {
                    stack.raise(instance);
                }
                settled.set(true);
            } finally {
                withdrawUnless(settled, stack);
            }
        }
    }

    /** After a failure, and after Ctrl-C: half a stack is of no use to anybody. */
    private void withdrawUnless(AtomicBoolean settled, Stack stack) {
        if (settled.getAndSet(true)) {
            return;
        }
        try {
            stack.withdraw();
        } catch (IOException e) {
            screen.line("Could not end all that was started: " + e.getMessage() + "; run ./redfleet down");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireSpace() throws IOException, StartRefused {
        long free = Files.getFileStore(home.root()).getUsableSpace();
        if (free < NEEDED_BYTES) {
            throw new StartRefused("only " + free / (1024 * 1024) + " MiB are free at " + home.root() + ", and "
                    + NEEDED_BYTES / (1024 * 1024) + " MiB are needed: make room, or set REDFLEET_HOME elsewhere");
        }
    }

    /** Whose key is there keeps it: what was sealed with it could not be opened with another. */
    private void makeKeys() throws IOException {
        var random = new SecureRandom();
        for (ServiceName audience : List.of(ServiceName.PROVISIONER, ServiceName.MONITOR, ServiceName.GATEWAY)) {
            AudienceKey.create(AudienceKey.file(home.root(), audience), random);
        }
    }

    void makeTopics() throws StartRefused {
        Path login = KafkaAccounts.of(home).login(Account.ADMIN);
        try (Admin admin =
                Admin.create(BusSettings.of(ports.bootstrap(), "up", login).common())) {
            new TopicAdmin(admin, TOPICS_WITHIN).create();
        } catch (TopicAdmin.TopicsUnavailable e) {
            throw new StartRefused("kafka runs, but its topics cannot be made: " + e.getMessage() + "\n  Log: "
                    + home.log(KafkaPart.NAME));
        }
        screen.part("topics", "there, each with its readers and writers");
    }

    private void farewell() {
        screen.line("");
        screen.line("  REST      " + ports.gatewayUrl(home) + "/api/v1   (described at /q/openapi)");
        screen.line("  Kafka     " + ports.bootstrap() + "   (to read events: "
                + KafkaAccounts.of(home).login(Account.CONSUMER) + ")");
        screen.line("  Token     " + home.adminToken() + "   (admin; for your eyes only)");
        screen.line("");
        if (ports.offset() != 0) {
            screen.line("  First     export REDFLEET_URL=" + ports.gatewayUrl(home));
        }
        screen.line("  Next      ./redfleet list");
        screen.line("            ./redfleet events --follow");
        screen.line("            ./redfleet down");
    }
}
