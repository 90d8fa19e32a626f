package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The sealed records of every cluster of this process, as the topic has them, and what can be done with them. Thread-safe;
 * a record counts only for the cluster whose uid it bears, so what an earlier cluster of the same name left does no harm.
 */
public final class Vault {
    /** Who besides the provisioner may know a password; a person is shown one by {@link #reveal} only. */
    private static final Map<Purpose, Set<ServiceName>> READERS =
            Map.of(Purpose.PROBE, Set.of(ServiceName.MONITOR), Purpose.CANARY, Set.of(ServiceName.MONITOR));

    private final Locksmith locksmith;
    private final Map<ClusterName, Map<Purpose, SealedSecret>> records = new ConcurrentHashMap<>();
    /** Why the newest record cannot be read; an older one says nothing about it. */
    private final Map<ClusterName, Map<Purpose, String>> unread = new ConcurrentHashMap<>();

    public Vault(Locksmith locksmith) {
        this.locksmith = locksmith;
    }

    /** Why no cluster with access control can be made now; empty when one can. */
    public String trouble() {
        return locksmith.trouble();
    }

    /** A record that stands on the topic. */
    public void stands(SealedSecret record) {
        records.computeIfAbsent(record.cluster(), name -> new ConcurrentHashMap<>())
                .put(record.purpose(), record);
        unread.getOrDefault(record.cluster(), new HashMap<>()).remove(record.purpose());
    }

    /** A record that stands on the topic and cannot be read: the password is there, and nobody makes another. */
    public void unread(ClusterName cluster, Purpose purpose, String why) {
        records.getOrDefault(cluster, new HashMap<>()).remove(purpose);
        unread.computeIfAbsent(cluster, name -> new ConcurrentHashMap<>()).put(purpose, why);
    }

    public void forget(ClusterName cluster) {
        records.remove(cluster);
        unread.remove(cluster);
    }

    /** New passwords for a new cluster; they count once they are on the topic and {@link #stands} was told so. */
    public List<SealedSecret> make(ClusterState cluster, Instant now) {
        List<SealedSecret> made = new ArrayList<>();
        for (Purpose purpose : Purpose.values()) {
            Secret secret = locksmith.fresh();
            Set<ServiceName> audiences = EnumSet.of(ServiceName.PROVISIONER);
            audiences.addAll(READERS.getOrDefault(purpose, Set.of()));
            Map<ServiceName, Sealed> copies = new EnumMap<>(ServiceName.class);
            audiences.forEach(
                    audience -> copies.put(audience, locksmith.seal(cluster.uid(), purpose, audience, "", secret)));
            made.add(new SealedSecret(SealedSecret.SCHEMA, cluster.name(), cluster.uid(), purpose, now, copies));
        }
        return made;
    }

    /** The cluster's own, or, with the trouble that there is, made-up ones of the same form. */
    public Accounts accounts(ClusterState cluster) {
        if (!cluster.spec().security().generated()) {
            return Accounts.NONE;
        }
        Map<Purpose, Secret> open = new EnumMap<>(Purpose.class);
        String trouble = "";
        for (Purpose purpose : Purpose.values()) {
            switch (open(cluster, purpose)) {
                case Locksmith.Opened opened -> open.put(purpose, opened.secret());
                case Locksmith.Closed closed -> {
                    trouble = "the password of " + purpose.word() + " cannot be opened: " + closed.reason();
                    open.put(purpose, locksmith.fresh());
                }
            }
        }
        return Accounts.of(open, trouble);
    }

    /** What came of a wish to see a password. */
    public sealed interface Revealing {}

    public record Shown(Revealed revealed) implements Revealing {}

    /** There is no such user in this cluster. */
    public record Unknown() implements Revealing {}

    public record Impossible(String reason) implements Revealing {}

    /** One password, sealed for the gateway and for this occasion alone. */
    public Revealing reveal(ClusterState cluster, String user, String occasion) {
        if (!cluster.spec().security().generated()) {
            return new Unknown();
        }
        return Purpose.of(user)
                .<Revealing>map(purpose -> reveal(cluster, purpose, occasion))
                .orElseGet(Unknown::new);
    }

    private Revealing reveal(ClusterState cluster, Purpose purpose, String occasion) {
        return switch (open(cluster, purpose)) {
            case Locksmith.Closed closed -> new Impossible(closed.reason());
            case Locksmith.Opened opened -> {
                Sealed sealed = locksmith.seal(cluster.uid(), purpose, ServiceName.GATEWAY, occasion, opened.secret());
                yield new Shown(new Revealed(cluster.uid(), purpose, sealed));
            }
        };
    }

    private Locksmith.Opening open(ClusterState cluster, Purpose purpose) {
        SealedSecret record = records.getOrDefault(cluster.name(), Map.of()).get(purpose);
        if (record == null || !record.uid().equals(cluster.uid())) {
            String why = unread.getOrDefault(cluster.name(), Map.of()).get(purpose);
            return new Locksmith.Closed(why == null ? "there is no record of it" : "its record cannot be read: " + why);
        }
        return locksmith.open(record);
    }
}
