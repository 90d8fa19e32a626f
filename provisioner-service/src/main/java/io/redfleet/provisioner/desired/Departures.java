package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who leaves a cluster: what a new spec leaves out, each named by whoever applies it. A name of what is gone already does no
 * harm, so that the same words may be said twice; a name of what the new spec keeps is a contradiction.
 *
 * <p>As long as it is not gone to the end it leaves still, whatever the next spec names; one that the next spec has again is a
 * member again, at the endpoint that it had.
 */
public final class Departures {
    private final ClusterSpec wanted;
    private final Named named;

    private Departures(ClusterSpec wanted, Named named) {
        this.wanted = wanted;
        this.named = named;
    }

    /**
     * What was named.
     *
     * @param removed hosts, or instances as {@code r3/redis-server}
     * @param lost hosts whose machines are lost for good
     */
    public record Named(List<String> removed, List<String> lost) {
        /** Nobody is to leave. */
        public static final Named NOBODY = new Named(List.of(), List.of());

        public Named {
            removed = List.copyOf(removed);
            lost = List.copyOf(lost);
        }

        /** In an order. */
        public static Named of(Request.Apply apply) {
            return new Named(
                    Objects.requireNonNullElse(apply.remove(), List.of()),
                    Objects.requireNonNullElse(apply.lost(), List.of()));
        }

        private boolean has(InstanceId id) {
            return removed.contains(id.value())
                    || removed.contains(id.host().value())
                    || lost.contains(id.host().value());
        }
    }

    /** All that leaves once the spec is accepted. */
    static List<Leaving> leaving(ClusterState standing, ClusterSpec wanted, Named named) {
        return new Departures(wanted, named).leaving(standing);
    }

    /** Why they cannot leave so; empty: they can. */
    static Optional<Problem> objection(ClusterState standing, ClusterSpec wanted, Named named) {
        Departures departures = new Departures(wanted, named);
        List<Violation> broken = departures.contradictions();
        if (broken.isEmpty()) {
            List<InstanceId> unnamed = standing.spec().members().stream()
                    .map(Member::id)
                    .filter(id -> wanted.member(id).isEmpty() && !named.has(id))
                    .toList();
            if (!unnamed.isEmpty()) {
                String detail = "left out of the new spec, and not removed unless named: " + unnamed
                        + "; name each, or its host, by remove, or the host by lost if its machine is lost for good;"
                        + " with dryRun the plan is shown";
                return Optional.of(Problem.conflict(detail));
            }
        }
        List<Leaving> leaving = departures.leaving(standing);
        broken.addAll(departures.takenOver(leaving));
        return broken.isEmpty() ? departures.majority(leaving) : Optional.of(Problem.invalid(broken));
    }

    private List<Violation> contradictions() {
        List<Violation> broken = new ArrayList<>();
        for (String name : named.removed()) {
            boolean host =
                    wanted.hosts().stream().anyMatch(kept -> kept.name().value().equals(name));
            boolean instance =
                    wanted.members().stream().anyMatch(kept -> kept.id().value().equals(name));
            if (host || instance) {
                String rule = host
                        ? "the new spec has this host: leave it out there, or name those of its instances that go"
                        : "the new spec has this instance: leave it out there to remove it";
                broken.add(new Violation("remove", name, rule));
            }
        }
        for (String name : named.lost()) {
            if (wanted.hosts().stream().anyMatch(kept -> kept.name().value().equals(name))) {
                broken.add(new Violation("lost", name, "the new spec has this host: leave it out there"));
            } else if (named.removed().stream().anyMatch(word -> word.equals(name) || word.startsWith(name + "/"))) {
                broken.add(new Violation("lost", name, "a host is either removed or lost, not both"));
            }
        }
        return broken;
    }

    private List<Leaving> leaving(ClusterState standing) {
        List<Leaving> leaving = new ArrayList<>();
        for (HostSpec host : standing.everywhere().hosts()) {
            List<InstanceSpec> gone = host.instances().stream()
                    .filter(instance -> wanted.member(InstanceId.of(host.name(), instance.name()))
                            .isEmpty())
                    .toList();
            if (!gone.isEmpty()) {
                HostSpec part =
                        new HostSpec(host.name(), host.address(), host.zone(), host.ssh(), host.directory(), gone);
                leaving.add(new Leaving(part, lost(standing, host)));
            }
        }
        return leaving;
    }

    /** As was said last. */
    private boolean lost(ClusterState standing, HostSpec host) {
        HostName name = host.name();
        boolean removed =
                named.removed().stream().anyMatch(word -> word.equals(name.value()) || word.startsWith(name + "/"));
        return named.lost().contains(name.value()) || (standing.lost(name) && !removed);
    }

    /** The Sentinels know each by its endpoint. */
    private List<Violation> takenOver(List<Leaving> leaving) {
        List<Violation> broken = new ArrayList<>();
        for (Member before :
                wanted.on(leaving.stream().map(Leaving::host).toList()).members()) {
            for (Member after : wanted.members()) {
                if (after.endpoint().equals(before.endpoint())
                        || after.announce().equals(before.announce())) {
                    InstanceId id = after.id();
                    String path = "spec.hosts[name=" + id.host() + "].instances[name=" + id.name() + "]";
                    String rule = "is that of " + before.id()
                            + ", which leaves the cluster: once it is gone, apply a spec with the new one";
                    broken.add(new Violation(path, after.announce().toString(), rule));
                }
            }
        }
        return broken;
    }

    /** All of them, and those that leave too, know of each other until the last is forgotten. */
    private Optional<Problem> majority(List<Leaving> leaving) {
        ClusterSpec going = wanted.on(leaving.stream().map(Leaving::host).toList());
        List<InstanceId> sentinels =
                going.members(InstanceRole.SENTINEL).stream().map(Member::id).toList();
        int stay = wanted.members(InstanceRole.SENTINEL).size();
        if (sentinels.isEmpty() || stay > sentinels.size()) {
            return Optional.empty();
        }
        String detail = "without " + sentinels + " " + stay + " Sentinel(s) stay, no majority of the "
                + (stay + sentinels.size()) + " that know of each other until the end: nobody could fail over"
                + " meanwhile; remove fewer at once";
        return Optional.of(Problem.conflict(detail));
    }
}
