package io.redfleet.provisioner.order;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.OperationEvent;
import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.secret.Locksmith;
import io.redfleet.provisioner.secret.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The passwords of the desk's clusters: made before anything else of a cluster is written, ended with it, shown on order. */
final class Secrets {
    private final Desk desk;

    Secrets(Desk desk) {
        this.desk = desk;
    }

    /** Why none can be made; empty when they can. */
    String trouble() {
        return vault().trouble();
    }

    /** Makes all of a new cluster's, and returns once they are durable. Made again, they replace those that nobody used. */
    List<Position> make(ClusterState cluster) {
        List<Position> positions = new ArrayList<>();
        for (SealedSecret record : vault().make(cluster, desk.now())) {
            positions.add(ledger().secret(record));
            vault().stands(record);
        }
        return positions;
    }

    /**
     * Seals the password that the cluster's probes are to log in with, where its spec names one, and returns once that is
     * durable. What is taken over was looked at by the one that was sealed before, and by no other.
     *
     * @param standing what the spec follows; null: nothing
     * @param positions where it lies, if it does
     * @return why the spec cannot be accepted; empty: it can
     */
    Optional<Problem> entrusted(@Nullable ClusterState standing, ClusterState cluster, List<Position> positions) {
        ProbeSpec probe = cluster.spec().security().probe();
        if (probe == null) {
            return Optional.empty();
        }
        if (!trouble().isEmpty()) {
            return Optional.of(Problem.of(503, "No key", "passwords cannot be sealed: " + trouble()));
        }
        return switch (vault().given().password(probe.credential())) {
            case Locksmith.Closed closed ->
                Optional.of(Problem.conflict("nobody could log in to its nodes: " + closed.reason()));
            case Locksmith.Opened opened
            when takesOver(standing, cluster) && !knows(cluster, opened.secret()) ->
                Optional.of(
                        Problem.conflict(
                                "password " + probe.credential() + " has changed since its nodes were looked"
                                        + " at by it: apply the spec with manage: observe once more, then take the cluster over"));
            case Locksmith.Opened opened -> {
                SealedSecret record = vault().sealed(cluster, Purpose.PROBE, opened.secret(), desk.now());
                positions.add(ledger().secret(record));
                vault().stands(record);
                yield Optional.empty();
            }
        };
    }

    private static boolean takesOver(@Nullable ClusterState standing, ClusterState cluster) {
        return standing != null && standing.spec().observed() && !cluster.spec().observed();
    }

    private boolean knows(ClusterState cluster, Secret secret) {
        return vault().accounts(cluster).admin().password().equals(secret);
    }

    /** With what the collector has to know, so that it is on the bus before a host has the secret. */
    ClusterState known(ClusterState cluster) {
        return vault().known(cluster);
    }

    void end(ClusterState cluster) {
        if (cluster.spec().security().generated()) {
            for (Purpose purpose : Purpose.values()) {
                ledger().forgetSecret(cluster.name(), purpose);
            }
        }
        if (cluster.spec().security().probe() != null) {
            ledger().forgetSecret(cluster.name(), Purpose.PROBE);
        }
        vault().forget(cluster.name());
    }

    /** Told to the audit trail before the answer, so that nobody is shown a password unseen. */
    void reveal(Order order, Request.Reveal wish, ClusterState cluster) {
        Optional<String> beyond = beyond(cluster, wish.user());
        if (beyond.isPresent()) {
            desk.refuse(order, Problem.conflict(beyond.get()));
            return;
        }
        switch (vault().reveal(cluster, wish.user(), wish.occasion())) {
            case Vault.Unknown unknown -> {
                String what = "cluster " + cluster.name() + " has no generated user of that name";
                desk.refuse(order, Problem.notFound(what));
            }
            case Vault.Impossible impossible ->
                desk.refuse(order, Problem.of(503, "No key", "it cannot be opened: " + impossible.reason()));
            case Vault.Shown shown -> {
                tell(order, wish.user(), cluster);
                Map<String, Object> sealed = Map.of(
                        "keyId", shown.revealed().sealed().keyId(),
                        "nonce", shown.revealed().sealed().nonce(),
                        "text", shown.revealed().sealed().text());
                Map<String, Object> body = Map.of(
                        "uid", cluster.uid().value(),
                        "purpose", shown.revealed().purpose().name(),
                        "sealed", sealed);
                desk.answer(order, new Outcome.Answered(desk.parts().documents().write(body)), List.of());
            }
        }
    }

    /** Why nobody who rules this cluster alone is shown the password: it opens what others have a share in. */
    private static Optional<String> beyond(ClusterState cluster, String user) {
        String group = cluster.spec().sentinel().group();
        return group == null || !user.equals(Purpose.ADMIN.word())
                ? Optional.empty()
                : Optional.of("user " + user + " of " + cluster.name()
                        + " may do everything in the Sentinels of the group " + group
                        + ", which are those of other clusters too: in this release its password is not shown");
    }

    private void tell(Order order, String user, ClusterState cluster) {
        String reason = order.actor().name() + " was shown the password of " + user;
        About about = new About(
                cluster.name(), cluster.uid(), null, reason, order.id().value(), order.actor());
        OperationEvent.SecretRevealed event = new OperationEvent.SecretRevealed(user);
        ledger().tell(new Fact(Fact.id(cluster.uid(), order.id(), "revealed"), desk.now(), about, event));
    }

    private Vault vault() {
        return desk.parts().vault();
    }

    private Ledger ledger() {
        return desk.parts().ledger();
    }
}
