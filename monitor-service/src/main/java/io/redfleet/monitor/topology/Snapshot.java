package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.roster.Roster;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All instances and all Sentinels' views at one moment.
 *
 * @param views by Sentinel; the newest of each, however old
 */
public record Snapshot(
        Roster roster, Map<InstanceId, NodeView> instances, Map<InstanceId, SentinelView> views, Moment now) {
    /** An answer older than this no longer speaks for its Sentinel or node. */
    public static final Duration FRESH = Duration.ofSeconds(3);

    public Snapshot {
        instances = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(instances));
        views = Map.copyOf(views);
    }

    /** Who is named by more than half of those who answer. */
    public record Named(Endpoint master, int epoch, int votes) {}

    public List<SentinelView> freshViews() {
        return views.values().stream().filter(view -> fresh(view.at())).toList();
    }

    public Optional<Named> named() {
        List<SentinelView> fresh = freshViews();
        Map<Endpoint, Integer> votes = new HashMap<>();
        Map<Endpoint, Integer> epochs = new HashMap<>();
        for (SentinelView view : fresh) {
            Endpoint master = view.master();
            if (master != null) {
                votes.merge(master, 1, Integer::sum);
                epochs.merge(master, view.configEpoch(), Math::max);
            }
        }
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue() * 2 > fresh.size())
                .map(vote -> new Named(vote.getKey(), epochs.getOrDefault(vote.getKey(), 0), vote.getValue()))
                .findFirst();
    }

    public Stream<NodeView> nodes() {
        return roster.nodes().stream().flatMap(member -> instance(member.id()).stream());
    }

    public Stream<NodeView> sentinels() {
        return roster.sentinels().stream().flatMap(member -> instance(member.id()).stream());
    }

    public Optional<NodeView> instance(InstanceId id) {
        return Optional.ofNullable(instances.get(id));
    }

    public Optional<NodeView> at(@Nullable Endpoint address) {
        return address == null ? Optional.empty() : roster.at(address).flatMap(this::instance);
    }

    /** Living nodes whose last ROLE is fresh and says master. */
    public List<NodeView> masters() {
        return nodes().filter(NodeView::actsAsMaster).filter(this::spokeLately).toList();
    }

    public boolean spokeLately(NodeView node) {
        Moment at = node.standingAt();
        return at != null && fresh(at);
    }

    /** How many Sentinels, with a fresh view, hold this instance for down; -1 when none was asked. */
    public int seenDownBy(InstanceId id) {
        List<SentinelView> asked = freshViews().stream()
                .filter(view -> !view.sentinel().equals(id))
                .toList();
        if (asked.isEmpty()) {
            return -1;
        }
        return (int) asked.stream()
                .filter(view -> view.seesDown().stream()
                        .anyMatch(
                                address -> roster.at(address).filter(id::equals).isPresent()))
                .count();
    }

    private boolean fresh(Moment at) {
        return now.since(at).compareTo(FRESH) <= 0;
    }
}
