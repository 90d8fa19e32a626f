package io.redfleet.monitor.topology;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one snapshot shows.
 *
 * @param present conditions that hold, by key
 * @param undecided keys about which the snapshot knows too little: they neither begin nor end by it
 * @param usable how many Sentinels could take part in a vote, as far as anyone says
 */
public record Assessment(Map<String, Finding> present, Set<String> undecided, int usable) {
    public Assessment {
        present = Map.copyOf(present);
        undecided = Set.copyOf(undecided);
    }

    /** @param changing whether Sentinel is changing masters, so that broken links are a consequence and not a finding */
    public static Assessment of(Snapshot snapshot, boolean changing) {
        Builder builder = new Builder(snapshot, changing);
        builder.quorum();
        builder.agreement();
        builder.masters();
        builder.replicas();
        return new Assessment(builder.present, builder.undecided, builder.usable());
    }

    private static final class Builder {
        private final Snapshot snapshot;
        private final boolean changing;
        private final List<SentinelView> views;
        private final Map<String, Finding> present = new HashMap<>();
        private final Set<String> undecided = new HashSet<>();

        Builder(Snapshot snapshot, boolean changing) {
            this.snapshot = snapshot;
            this.changing = changing;
            this.views = snapshot.freshViews();
        }

        int usable() {
            int counted = views.stream().mapToInt(SentinelView::usable).max().orElse(-1);
            return counted >= 0
                    ? counted
                    : (int) snapshot.sentinels().filter(NodeView::up).count();
        }

        void quorum() {
            int known = snapshot.roster().sentinels().size();
            long dead =
                    snapshot.sentinels().filter(node -> node.pulse().failed()).count();
            long against =
                    views.stream().filter(view -> !view.quorumReachable()).count();
            if (known - dead < snapshot.roster().majority() || against * 2 > views.size()) {
                int quorum = snapshot.roster().sentinel().quorum();
                add(new Finding.QuorumLost(usable(), quorum, known));
            } else if (views.isEmpty()) {
                undecided.add(Finding.QuorumLost.KEY);
            }
        }

        void agreement() {
            Map<InstanceId, String> said = views.stream()
                    .collect(Collectors.toMap(
                            SentinelView::sentinel, view -> view.master() + " epoch " + view.configEpoch()));
            if (said.values().stream().distinct().count() > 1) {
                add(new Finding.Disagree(said));
            } else if (snapshot.named().isEmpty()) {
                undecided.add(Finding.Disagree.KEY);
            }
        }

        void masters() {
            List<NodeView> masters = snapshot.masters();
            if (masters.size() > 1) {
                boolean bothServe =
                        masters.stream().allMatch(node -> node.standing().replicas() > 0);
                add(new Finding.SplitBrain(masters.stream().map(NodeView::id).toList(), bothServe));
            } else if (masters.isEmpty()) {
                undecided.add(Finding.SplitBrain.KEY);
            }
        }

        void replicas() {
            Optional<Endpoint> named = snapshot.named().map(Snapshot.Named::master);
            boolean masterUp = named.flatMap(snapshot::at).filter(NodeView::up).isPresent();
            snapshot.nodes().forEach(node -> {
                if (named.isEmpty() || !masterUp || changing || !node.up() || !snapshot.spokeLately(node)) {
                    undecided.add(Finding.ReplicaBroken.PREFIX + node.id().value());
                } else if (node.actsAsReplica()) {
                    replica(node, named.get());
                }
            });
        }

        private void replica(NodeView node, Endpoint master) {
            Endpoint following = node.standing().following();
            boolean right = following != null && snapshot.roster().same(following, master);
            if (!right) {
                add(new Finding.ReplicaBroken(node.id(), "follows " + following));
            } else if (!node.standing().linked() && !node.standing().link().equals("sync")) {
                add(new Finding.ReplicaBroken(node.id(), node.standing().link()));
            }
        }

        private void add(Finding finding) {
            present.put(finding.key(), finding);
        }
    }

    /** Whether a failover could be authorized at this moment, as far as votes go. */
    public boolean votesSuffice() {
        return !present.containsKey(Finding.QuorumLost.KEY);
    }
}
