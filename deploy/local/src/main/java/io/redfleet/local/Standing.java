package io.redfleet.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the stack, for one who looks from outside.
 *
 * @param port where it listens; 0 where it does not
 * @param recorded whether it was started and not ended in good order since
 * @param alive whether that very process lives
 * @param recordedAt the wall clock when it was started; the epoch if it was not
 * @param startTicks the kernel's clock when it was started, in hundredths of a second since the boot; -1: not known
 */
public record Standing(
        String part, int port, boolean recorded, boolean alive, long pid, Instant recordedAt, long startTicks) {

    /** All parts of the stack, in the order in which they are started. */
    public static Map<String, Standing> all(Home home, Ports ports) throws IOException {
        Map<String, Integer> known = new LinkedHashMap<>();
        known.put(KafkaPart.NAME, ports.kafka());
        known.put(PostgresPart.NAME, ports.postgres());
        known.put("provisioner", ports.provisioner());
        known.put("monitor", ports.monitor());
        known.put("alert", ports.alert());
        known.put("gateway", ports.gateway());
        known.put(DailyPart.NAME, 0);
        Map<String, Standing> all = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> part : known.entrySet()) {
            all.put(part.getKey(), of(home, part.getKey(), part.getValue()));
        }
        return all;
    }

    /** The ports on which this home's stack runs, or those that were asked for if it does not. */
    public static Ports ports(Home home, Ports asked) throws IOException {
        return Running.read(home.run(), KafkaPart.NAME)
                .filter(kafka -> kafka.life().goesOn())
                .map(kafka -> new Ports(kafka.port() - new Ports(0).kafka()))
                .orElse(asked);
    }

    /** Who listens on a port, as far as the kernel tells us; empty: nobody. */
    public static Optional<String> listener(int port) {
        return PortOwner.free(port)
                ? Optional.empty()
                : Optional.of(PortOwner.of(port).orElse("a process that is not ours to see"));
    }

    /** Whether a service says that it does its work, or whether Kafka and PostgreSQL answer. */
    public boolean answers(Home home) {
        return switch (part) {
            case KafkaPart.NAME -> Knock.kafka(port);
            case PostgresPart.NAME -> Knock.postgres(port);
            case DailyPart.NAME -> alive;
            default -> ServicePart.saysReady(home, port);
        };
    }

    /** The alert-service's way into its database. */
    public static String databaseUrl(Ports ports) {
        return "jdbc:postgresql://" + Ports.LOOPBACK + ":" + ports.postgres() + "/" + PostgresPart.DATABASE;
    }

    /** Its way of logging in: whoever asks for the password itself is not its database. */
    public static String databaseLogin() {
        return "scram-sha-256";
    }

    public static String databaseRole() {
        return PostgresPart.ROLE;
    }

    public static Path databasePassword(Home home) {
        return PostgresPart.rolePassword(home);
    }

    private static Standing of(Home home, String part, int port) throws IOException {
        Path file = home.run().resolve(part + ".pid");
        Optional<Running> running = Running.read(home.run(), part);
        if (running.isEmpty()) {
            return new Standing(part, port, false, false, 0, Instant.EPOCH, -1);
        }
        Life life = running.get().life();
        return new Standing(
                part,
                running.get().port(),
                true,
                life.goesOn(),
                life.pid(),
                Files.getLastModifiedTime(file).toInstant(),
                ticks(life));
    }

    private static long ticks(Life life) {
        String ticks = life.mark().substring(life.mark().indexOf('/') + 1);
        return life.mark().contains("/") && ticks.matches("\\d{1,18}") ? Long.parseLong(ticks) : -1;
    }
}
