package io.redfleet.local.doctor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Judges the parts of the stack and its backups. */
public final class StackCheck {
    private static final String PARTS = "parts";
    /** A day, and a day for the machine to be switched off in. */
    private static final Duration OLDEST_BACKUP = Duration.ofDays(2);

    private StackCheck() {}

    /** What was seen of one part. */
    public sealed interface Life {}

    /** It was never started here, or was ended in good order. */
    record Off() implements Life {}

    /** It was started and has died. */
    record Dead() implements Life {}

    /** @param waitsFor why it is not ready; empty: it is */
    record Alive(long pid, Optional<String> waitsFor) implements Life {}

    public static Life off() {
        return new Off();
    }

    public static Life dead() {
        return new Dead();
    }

    public static Life alive(long pid, Optional<String> waitsFor) {
        return new Alive(pid, waitsFor);
    }

    /** @param up whether any part runs: then all should */
    public static Finding part(String name, Life life, boolean up) {
        return switch (life) {
            case Off off when !up -> Finding.unseen(PARTS, name, "does not run; nothing of the stack does");
            case Off off -> Finding.wrong(PARTS, name, "does not run, and others do", "./redfleet up");
            case Dead dead ->
                Finding.wrong(PARTS, name, "has died", "./redfleet up starts it; why: ./redfleet logs " + name);
            case Alive alive ->
                alive.waitsFor()
                        .map(why -> Finding.wrong(
                                PARTS, name, "runs and is not ready: " + why, "why: ./redfleet logs " + name))
                        .orElseGet(() -> Finding.well(PARTS, name, "ready, pid " + alive.pid()));
        };
    }

    /**
     * @param newest of the daily backups, by their own account
     * @param failure what the last attempt said, if it failed
     */
    public static Finding backups(Optional<Instant> newest, Optional<String> failure, List<String> names, Instant now) {
        String advice = "./redfleet backup FILE shows what is in the way; ./redfleet up makes the day's";
        if (failure.isPresent()) {
            return Finding.wrong("backup", "daily", "the last one failed: " + failure.get(), advice);
        }
        if (newest.isEmpty()) {
            return Finding.wrong("backup", "daily", "there is none", advice);
        }
        Duration age = Duration.between(newest.get(), now);
        String says = "the newest verified one is " + age.toHours() + " h old, of " + names.size();
        return age.compareTo(OLDEST_BACKUP) <= 0
                ? Finding.well("backup", "daily", says)
                : Finding.wrong("backup", "daily", says, advice);
    }

    /** What the newest backup came to when it was read again. */
    public static Finding readable(String name, Optional<String> refused) {
        return refused.map(why -> Finding.wrong(
                        "backup",
                        name,
                        why,
                        "it is of no use: remove it, and make another with ./redfleet backup FILE"))
                .orElseGet(() -> Finding.well("backup", name, "read just now, every checksum right"));
    }
}
