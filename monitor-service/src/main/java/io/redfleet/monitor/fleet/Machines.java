package io.redfleet.monitor.fleet;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.monitor.clock.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which machines the provisioner reaches, by what it says of the hosts of the clusters that this process owns. A machine that
 * clusters share is one machine: away only while everybody who looks for it says so. So is a jump host: where that gives no
 * answer, it is the one machine that is away, and those behind it are known, and not away.
 *
 * <p>Only words count. A host of which nothing has been heard since its spec came is no machine that was lost, and silence
 * changes nothing: when the provisioner is dead its last word on each host stands, so that its death is not taken for theirs.
 *
 * <p>Owned by the fleet's thread.
 */
final class Machines {
    /** So long must the word stand: a host that comes and goes is not away. Counted by our clock, from when we heard it. */
    static final Duration AWAY_FOR = Duration.ofSeconds(10);

    /** Where SSH finds it: of two names for one address there is one machine, unless it lies behind another jump host. */
    private record Machine(String address, int port, String via) {
        static Machine of(HostSpec host) {
            String via = Objects.requireNonNullElse(host.ssh().via(), "");
            return new Machine(host.address(), host.ssh().port(), place(via));
        }

        static Machine jump(String jump) {
            return new Machine(place(jump), 0, "");
        }

        /** Whoever logs in there, it is the same machine. */
        private static String place(String jump) {
            return jump.substring(jump.indexOf('@') + 1);
        }
    }

    /**
     * @param jump the jump host that is away in its place; empty: none is
     * @param heard when we heard it first
     * @param since when it was said first, for labels; of a word that was there before us as the record has it
     */
    private record Word(boolean reached, String jump, Moment heard, Instant since) {
        boolean saysTheSame(HostFacts facts) {
            return reached == facts.reachable() && jump.equals(facts.jump());
        }
    }

    private record Followed(
            ClusterUid uid, Moment countsFrom, Map<HostName, Machine> machines, Map<HostName, Word> words) {}

    /** A machine that is away, by one of its names. */
    record Away(String name, Instant since) {}

    /** @param known how many machines have ever been reached, those included of which nothing is known now */
    record Count(int known, List<Away> away) {
        Count {
            away = List.copyOf(away);
        }
    }

    private final Map<ClusterName, Followed> clusters = new HashMap<>();

    /**
     * A cluster becomes ours, or its state has changed. What was heard of a host that stands where it stood goes on counting.
     *
     * @param countsFrom a word that is away counts no earlier; of a cluster that is known already this changes nothing
     */
    void follow(ClusterState state, Moment countsFrom) {
        if (state.phase() == Phase.REMOVING) {
            forget(state.name());
            return;
        }
        Followed known = clusters.get(state.name());
        Followed before = known != null && known.uid().equals(state.uid())
                ? known
                : new Followed(state.uid(), countsFrom, Map.of(), Map.of());
        Map<HostName, Machine> machines = new HashMap<>();
        state.spec().hosts().forEach(host -> machines.put(host.name(), Machine.of(host)));
        Map<HostName, Word> words = new HashMap<>(before.words());
        words.keySet()
                .removeIf(host ->
                        !Objects.equals(machines.get(host), before.machines().get(host)));
        clusters.put(state.name(), new Followed(state.uid(), before.countsFrom(), machines, words));
    }

    void heard(HostFacts facts, Moment now) {
        Followed cluster = clusters.get(facts.cluster());
        if (cluster == null || !cluster.machines().containsKey(facts.host())) {
            return;
        }
        if (!facts.reachable() && facts.bootId().isEmpty()) {
            cluster.words().remove(facts.host());
        } else {
            cluster.words()
                    .merge(
                            facts.host(),
                            word(facts, now, now.at(facts.at())),
                            (before, first) -> before.saysTheSame(facts) ? before : word(facts, now, now));
        }
    }

    private static Word word(HostFacts facts, Moment now, Moment since) {
        return new Word(facts.reachable(), facts.jump(), now, since.wall());
    }

    /** The cluster is gone, or another's. */
    void forget(ClusterName cluster) {
        clusters.remove(cluster);
    }

    /** How many words say that a host is away: no machine is, of which none does. */
    long saidAway() {
        return clusters.values().stream()
                .flatMap(cluster -> cluster.words().values().stream())
                .filter(word -> !word.reached())
                .count();
    }

    Count count(Moment now) {
        Map<Machine, Look> looks = new HashMap<>();
        Set<Machine> known = new HashSet<>();
        clusters.forEach((name, cluster) -> cluster.words().forEach((host, word) -> {
            Machine machine = cluster.machines().get(host);
            if (machine == null) {
                return;
            }
            known.add(machine);
            if (word.jump().isEmpty()) {
                looks.merge(machine, Look.at(host.value(), word, cluster.countsFrom(), now), Look::and);
            }
            String jump = word.reached() ? machine.via() : word.jump();
            if (!jump.isEmpty()) {
                Look look = Look.at("jump host " + jump, word, cluster.countsFrom(), now);
                looks.merge(Machine.jump(jump), look, Look::and);
            }
        }));
        known.addAll(looks.keySet());
        Map<String, Long> names = new HashMap<>();
        looks.values().forEach(look -> names.merge(look.name(), 1L, Long::sum));
        Stream<Away> away = looks.entrySet().stream().flatMap(entry -> {
            Look look = entry.getValue();
            boolean ambiguous = names.getOrDefault(look.name(), 0L) > 1;
            String name = ambiguous ? look.name() + " at " + entry.getKey().address() : look.name();
            Instant since = look.away();
            return look.reached() || since == null ? Stream.empty() : Stream.of(new Away(name, since));
        });
        return new Count(known.size(), away.toList());
    }

    /**
     * What is said of one machine.
     *
     * @param reached whether somebody reaches it, or has said too lately that he does not
     * @param away since when nobody does; null where nobody has said so
     */
    private record Look(
            String name, boolean reached, @Nullable Instant away) {
        static Look at(String name, Word word, Moment countsFrom, Moment now) {
            boolean counts = !word.reached() && now.atLeast(AWAY_FOR, word.heard()) && !now.isBefore(countsFrom);
            return new Look(name, !counts, counts ? word.since() : null);
        }

        Look and(Look other) {
            Instant one = away;
            Instant two = other.away;
            Instant later = one == null || (two != null && two.isAfter(one)) ? two : one;
            String first = name.compareTo(other.name) <= 0 ? name : other.name;
            return new Look(first, reached || other.reached, later);
        }
    }
}
