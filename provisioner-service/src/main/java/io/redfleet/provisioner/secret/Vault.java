package io.redfleet.provisioner.secret;

import io.redfleet.contracts.access.NextSecret;
import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Revealed;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.SealedSecret;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.MonitAgents;
import io.redfleet.contracts.cluster.ProbeSpec;
import io.redfleet.contracts.wire.ServiceName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final String REPORT = "monit report";
    private static final String CONSOLE = "monit console";

    private final Locksmith locksmith;
    private final Optional<String> collector;
    private final GivenPasswords given;
    private final Map<ClusterName, Map<Purpose, SealedSecret>> records = new ConcurrentHashMap<>();
    /** Why the newest record cannot be read; an older one says nothing about it. */
    private final Map<ClusterName, Map<Purpose, String>> unread = new ConcurrentHashMap<>();

    /** Where no Monit has anybody to report to. */
    public Vault(Locksmith locksmith) {
        this(locksmith, Optional.empty());
    }

    /** @param collector where hosts' Monits report; empty: that is not known here */
    public Vault(Locksmith locksmith, Optional<String> collector) {
        this(locksmith, collector, GivenPasswords.NONE);
    }

    /** @param given the passwords that somebody else has made */
    public Vault(Locksmith locksmith, Optional<String> collector, GivenPasswords given) {
        this.locksmith = locksmith;
        this.collector = collector;
        this.given = given;
    }

    public Optional<String> collector() {
        return collector;
    }

    public GivenPasswords given() {
        return given;
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
            made.add(sealed(cluster, purpose, locksmith.fresh(), now));
        }
        return made;
    }

    /**
     * A password as it lies on the topic.
     *
     * @throws IllegalStateException while there is {@link #trouble}
     */
    public SealedSecret sealed(ClusterState cluster, Purpose purpose, Secret secret, Instant now) {
        Map<ServiceName, Sealed> copies = copies(cluster, purpose, secret);
        return new SealedSecret(cluster.name(), cluster.uid(), purpose, now, copies);
    }

    /**
     * A new password, to be put beside the one that stands.
     *
     * @throws IllegalStateException while there is {@link #trouble}
     */
    public NextSecret next(ClusterState cluster, Purpose purpose, Instant now) {
        return new NextSecret(NextSecret.Stage.ADDING, now, copies(cluster, purpose, locksmith.fresh()));
    }

    private Map<ServiceName, Sealed> copies(ClusterState cluster, Purpose purpose, Secret secret) {
        Set<ServiceName> audiences = EnumSet.of(ServiceName.PROVISIONER);
        audiences.addAll(READERS.getOrDefault(purpose, Set.of()));
        Map<ServiceName, Sealed> copies = new EnumMap<>(ServiceName.class);
        audiences.forEach(
                audience -> copies.put(audience, locksmith.seal(cluster.uid(), purpose, audience, "", secret)));
        return copies;
    }

    /** The record that stands of one of the cluster's passwords; empty: there is none, or it cannot be read. */
    public Optional<SealedSecret> record(ClusterState cluster, Purpose purpose) {
        return Optional.ofNullable(
                        records.getOrDefault(cluster.name(), Map.of()).get(purpose))
                .filter(record -> record.uid().equals(cluster.uid()));
    }

    /**
     * The same cluster with what the collector has to know before a host is given anything. What an earlier revision asked
     * for stands, also where this one does not: until it has been taken from the hosts, it reports.
     *
     * @throws IllegalStateException while there is {@link #trouble}
     */
    public ClusterState known(ClusterState cluster) {
        if (!cluster.spec().monit().on()) {
            return cluster;
        }
        long since = since(cluster);
        List<MonitAgents.Verifier> verifiers = cluster.spec().hosts().stream()
                .map(host -> new MonitAgents.Verifier(
                        host.name(), pass(cluster, host.name(), since).report().hash()))
                .toList();
        return cluster.with(new MonitAgents(since, verifiers));
    }

    private static long since(ClusterState cluster) {
        MonitAgents standing = cluster.agents();
        return standing == null ? cluster.revision() : standing.since();
    }

    private Agents.Pass pass(ClusterState cluster, HostName host, long since) {
        return new Agents.Pass(
                locksmith.derived(REPORT, cluster.uid(), host, since),
                locksmith.derived(CONSOLE, cluster.uid(), host, since));
    }

    private Agents agents(ClusterState cluster) {
        if (!cluster.spec().monit().on()) {
            return Agents.NONE;
        }
        if (collector.isEmpty()) {
            return Agents.impossible("the provisioner does not know any more where Monit reports:"
                    + " set REDFLEET_COLLECTOR_URL and start it again");
        }
        if (!trouble().isEmpty()) {
            return Agents.impossible("no secret can be made for it: " + trouble());
        }
        MonitAgents standing = cluster.agents();
        Map<HostName, Agents.Pass> passes = new HashMap<>();
        for (HostSpec host : cluster.spec().hosts()) {
            Agents.Pass pass = pass(cluster, host.name(), since(cluster));
            if (standing != null && !fits(standing, host.name(), pass)) {
                return Agents.impossible("the collector would turn it away: the provisioner's key is another one than"
                        + " when this spec was accepted; apply it again");
            }
            passes.put(host.name(), pass);
        }
        return new Agents(collector.get(), passes, "");
    }

    /** Of a host that a spec adds which is only tried out, nothing is known yet. */
    private static boolean fits(MonitAgents standing, HostName host, Agents.Pass pass) {
        return standing.verifiers().stream()
                .filter(verifier -> verifier.host().equals(host))
                .allMatch(verifier -> verifier.hash().equals(pass.report().hash()));
    }

    /** The cluster's own, or, with the trouble that there is, made-up ones of the same form. */
    public Accounts accounts(ClusterState cluster) {
        if (!cluster.spec().security().generated()) {
            return entrusted(cluster).with(agents(cluster));
        }
        Map<Purpose, Secret> open = new EnumMap<>(Purpose.class);
        Map<Purpose, Accounts.Second> seconds = new EnumMap<>(Purpose.class);
        String trouble = "";
        for (Purpose purpose : Purpose.values()) {
            // Once for both: a stage that is written meanwhile must not mix two.
            SealedSecret record = record(cluster, purpose).orElse(null);
            NextSecret next = record == null ? null : record.next();
            if (record != null && next != null) {
                switch (locksmith.open(secondOf(record, next))) {
                    case Locksmith.Opened opened ->
                        seconds.put(purpose, new Accounts.Second(next.stage(), opened.secret()));
                    case Locksmith.Closed closed ->
                        trouble = "the other password of " + purpose.word() + " cannot be opened: " + closed.reason();
                }
            }
            Locksmith.Opening first = record == null ? missing(cluster, purpose) : locksmith.open(record.current());
            switch (first) {
                case Locksmith.Opened opened -> open.put(purpose, opened.secret());
                case Locksmith.Closed closed -> {
                    trouble = "the password of " + purpose.word() + " cannot be opened: " + closed.reason();
                    open.put(purpose, locksmith.fresh());
                }
            }
        }
        Accounts accounts = Accounts.of(open, trouble).beside(seconds).with(agents(cluster));
        return GroupLogin.of(cluster.spec(), locksmith)
                .map(group -> group.shared(accounts))
                .orElse(accounts);
    }

    /** As whom one that was adopted is asked; of one that is only observed that is the monitor's to know. */
    private Accounts entrusted(ClusterState cluster) {
        ProbeSpec probe = cluster.spec().security().probe();
        if (probe == null || cluster.spec().observed()) {
            return Accounts.NONE;
        }
        return switch (open(cluster, Purpose.PROBE)) {
            case Locksmith.Opened opened -> Accounts.entrusted(new Login(probe.user(), opened.secret()));
            case Locksmith.Closed closed ->
                Accounts.closed("the password that spec.security.probe names cannot be opened: " + closed.reason()
                        + "; apply the spec again, which reads its file anew");
        };
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
        return record(cluster, purpose)
                .map(record -> locksmith.open(record.current()))
                .orElseGet(() -> missing(cluster, purpose));
    }

    private Locksmith.Closed missing(ClusterState cluster, Purpose purpose) {
        String why = unread.getOrDefault(cluster.name(), Map.of()).get(purpose);
        return new Locksmith.Closed(why == null ? "there is no record of it" : "its record cannot be read: " + why);
    }

    private static SealedSecret secondOf(SealedSecret record, NextSecret next) {
        return next.stage() == NextSecret.Stage.ADDING ? record.succeeded() : record;
    }
}
