package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.NextSecret.Stage;
import io.redfleet.contracts.access.SealedSecret;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How one password becomes another, from record to record. Each record is durable before the hosts hear of what it says, and the
 * next one is not written before all of them have done it: at every cut the record holds each password that a host may ask for.
 */
public final class Rotation {
    private Rotation() {}

    /** What an order comes to. */
    public sealed interface Ordered {}

    /** Hosts are to do what this record says, which may stand already. */
    public record Work(SealedSecret record) implements Ordered {}

    /** @param reason for a person */
    public record No(String reason) implements Ordered {}

    /** The stage at which hosts do what an order asks for. */
    public static Stage stage(boolean finish) {
        return finish ? Stage.REMOVING : Stage.ADDING;
    }

    /**
     * @param finish whether the old password is to go, else a new one is to come
     * @param fresh the new one; asked for only if one is begun
     */
    public static Ordered ordered(SealedSecret standing, boolean finish, Supplier<NextSecret> fresh) {
        String user = standing.purpose().word();
        NextSecret next = standing.next();
        if (next == null) {
            return finish
                    ? new No("the password of " + user + " is not being changed: there is nothing to finish")
                    : new Work(standing.beside(fresh.get()));
        }
        return switch (next.stage()) {
            case ADDING ->
                finish
                        ? new No("not every instance takes the new password of " + user
                                + " yet: rotate once more without finish first")
                        : new Work(standing);
            case BOTH ->
                finish
                        ? new Work(standing.beside(next.in(Stage.REMOVING)))
                        : new No("the password of " + user + " is being changed since " + next.since()
                                + ", and both are taken: finish that first");
            case REMOVING ->
                finish
                        ? new Work(standing)
                        : new No("the old password of " + user + " is being removed: finish that first");
        };
    }

    /**
     * The next record, once all hosts have done what the stage says; empty: the record says something else by now.
     *
     * @param worked the stage that they have done
     */
    public static Optional<SealedSecret> done(SealedSecret standing, Stage worked) {
        NextSecret next = standing.next();
        if (next == null || next.stage() != worked) {
            return Optional.empty();
        }
        return switch (worked) {
            case ADDING -> Optional.of(standing.beside(next.in(Stage.BOTH)));
            case BOTH -> Optional.empty();
            case REMOVING -> Optional.of(standing.succeeded());
        };
    }
}
