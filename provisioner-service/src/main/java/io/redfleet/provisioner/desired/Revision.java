package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.provisioner.recipe.RedisConf;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a spec may follow the one that stands. The name, the uid, what runs the processes, the engine, where it comes from,
 * access control and TLS are for life, and so is how far it is managed, but for a takeover ({@code AdoptRules}); an instance's
 * role, endpoint, directory and configuration are for the life of the instance; what Redis reads at its start only changes
 * where restarts were agreed to; a host disappears only by being named, never by being left out ({@link Departures}).
 */
public final class Revision {
    private Revision() {}

    /** What came of it. */
    public sealed interface Decision {}

    /** Accepted as this state. */
    public record Next(ClusterState state) implements Decision {}

    /** Not accepted. */
    public record No(Problem problem) implements Decision {}

    /**
     * What a caller expects to stand.
     *
     * @param revision the revision that the spec was made from; null: any
     * @param absent whether no cluster of this name may stand
     * @param accepts the newest revision on the hosts that the spec may replace; it becomes one higher than that
     * @param named who may leave
     * @param rolling whether what runs may be restarted for what Redis reads at its start only
     * @param adopt whether what is observed may become managed
     * @param looks whether the caller only looks, and so sees what would need a restart
     */
    public record Expected(
            @Nullable Long revision,
            boolean absent,
            long accepts,
            Departures.Named named,
            boolean rolling,
            boolean adopt,
            boolean looks) {
        public Expected(
                @Nullable Long revision, boolean absent, long accepts, Departures.Named named, boolean rolling) {
            this(revision, absent, accepts, named, rolling, false, false);
        }

        public Expected(@Nullable Long revision, boolean absent, long accepts, Departures.Named named) {
            this(revision, absent, accepts, named, false);
        }

        /** What an order says. */
        public static Expected of(Request.Apply apply, long accepts) {
            Departures.Named named = Departures.Named.of(apply);
            return new Expected(
                    apply.expectedRevision(),
                    apply.create(),
                    accepts,
                    named,
                    apply.mayRestart(),
                    apply.adopts(),
                    apply.dryRun());
        }

        /** The same, whatever stands. */
        public Expected ofWhateverStands() {
            return new Expected(null, false, accepts, named, rolling, adopt, looks);
        }

        boolean mayRestart() {
            return rolling || looks;
        }

        public Expected(@Nullable Long revision, boolean absent, long accepts) {
            this(revision, absent, accepts, Departures.Named.NOBODY);
        }

        public Expected(@Nullable Long revision, boolean absent) {
            this(revision, absent, 0);
        }
    }

    public static Decision follow(
            @Nullable ClusterState standing,
            ClusterSpec wanted,
            Expected expected,
            Supplier<ClusterUid> uid,
            Instant now) {
        if (standing == null) {
            if (expected.revision() != null) {
                return new No(Problem.conflict("there is no cluster " + wanted.name() + " to update"));
            }
            Optional<Problem> strange = AdoptRules.begun(wanted, expected.adopt());
            if (strange.isPresent()) {
                return new No(strange.get());
            }
            return new Next(new ClusterState(
                    ClusterState.SCHEMA,
                    uid.get(),
                    1,
                    Phase.ACCEPTED,
                    "accepted, not yet provisioned",
                    now,
                    wanted,
                    0L));
        }
        Optional<Problem> objection = objection(standing, wanted, expected);
        if (objection.isPresent()) {
            return new No(objection.get());
        }
        List<Leaving> leaving = Departures.leaving(standing, wanted, expected.named());
        boolean same = standing.spec().equals(wanted)
                && standing.leavers().equals(leaving)
                && expected.accepts() <= standing.revision();
        long revision = same ? standing.revision() : Math.max(standing.revision(), expected.accepts()) + 1;
        String reason = same ? "applied again" : "accepted as revision " + revision;
        return new Next(new ClusterState(
                ClusterState.SCHEMA,
                standing.uid(),
                revision,
                Phase.ACCEPTED,
                reason,
                now,
                wanted,
                standing.applied(),
                standing.agents(),
                standing.drift(),
                null,
                leaving));
    }

    private static Optional<Problem> objection(ClusterState standing, ClusterSpec wanted, Expected expected) {
        if (expected.absent()) {
            return Optional.of(Problem.conflict("cluster " + wanted.name() + " exists already"));
        }
        Long revision = expected.revision();
        if (revision != null && revision != standing.revision()) {
            String detail = "made from revision " + revision + ", but revision " + standing.revision() + " stands";
            return Optional.of(Problem.conflict(detail));
        }
        if (standing.phase() == Phase.REMOVING) {
            return Optional.of(Problem.conflict("cluster " + wanted.name() + " is being removed"));
        }
        Optional<Problem> objection = AdoptRules.takeover(standing.everywhere(), wanted, expected)
                .or(() -> Departures.objection(standing, wanted, expected.named()))
                .or(() -> AdoptRules.leaving(standing.spec(), Departures.leaving(standing, wanted, expected.named())));
        if (objection.isPresent()) {
            return objection;
        }
        List<Violation> fixed = fixed(standing.everywhere(), wanted, expected);
        return fixed.isEmpty() ? Optional.empty() : Optional.of(Problem.invalid(fixed));
    }

    private static List<Violation> fixed(ClusterSpec standing, ClusterSpec wanted, Expected expected) {
        boolean adopts = expected.adopt() && standing.observed() && wanted.adopted();
        if (standing.manage() != wanted.manage() && !adopts) {
            return List.of(ObserveRules.forLife(wanted.manage()));
        }
        List<Violation> fixed = new ArrayList<>(AdoptRules.settled(standing, wanted));
        fixed.addAll(GroupRules.settled(standing, wanted));
        if (!standing.sentinel().masterName().equals(wanted.sentinel().masterName())) {
            String value = wanted.sentinel().masterName();
            fixed.add(new Violation("spec.sentinel.masterName", value, "the master name is for the cluster's life"));
        }
        if (!adopts) {
            // What is observed has no config to compare with: the plan says by what runs what needs a restart.
            fixed.addAll(settled(standing.redis().config(), wanted.redis().config(), expected.mayRestart()));
        }
        if (standing.security().generated() != wanted.security().generated()) {
            String value = wanted.security().generated() ? "generated" : "off";
            String rule =
                    "access control is for the cluster's life in this release: switched while it runs, it would cut"
                            + " off its applications";
            fixed.add(new Violation("spec.security.acl", value, rule));
        }
        TlsReader.switched(standing.security().tls(), wanted.security().tls()).ifPresent(fixed::add);
        ObserveRules.login(standing, wanted).ifPresent(fixed::add);
        // What is observed is run by nobody of ours, and nothing of ours lies there.
        boolean intoUnits = adopts && wanted.runsByInit();
        if (!standing.service().equals(wanted.service()) && !intoUnits) {
            String rule = "how processes are run is for the cluster's life; it stays " + standing.service();
            fixed.add(new Violation("spec.service", wanted.service(), rule));
        }
        EngineRules.switched(standing, wanted).ifPresent(fixed::add);
        if (!standing.redis().install().equals(wanted.redis().install())) {
            String rule = "where Redis comes from is for the cluster's life; it stays "
                    + standing.redis().install();
            fixed.add(new Violation("spec.redis.install", wanted.redis().install(), rule));
        }
        for (HostSpec before : standing.hosts()) {
            Optional<HostSpec> after = wanted.host(before.name());
            String path = "spec.hosts[name=" + before.name() + "]";
            if (!intoUnits
                    && after.isPresent()
                    && !before.directory().equals(after.get().directory())) {
                fixed.add(new Violation(path + ".directory", after.get().directory(), "the directory cannot change"));
            }
        }
        for (Member before : standing.members()) {
            same(before, wanted).ifPresent(fixed::add);
        }
        return fixed;
    }

    /**
     * What Redis reads at its start alone would be accepted and never reach an instance that runs, if nobody agrees to restart
     * it. One that is left out cannot be compared with what runs: Redis's own default is not known.
     */
    private static List<Violation> settled(Map<String, String> before, Map<String, String> after, boolean rolling) {
        return Stream.concat(before.keySet().stream(), after.keySet().stream())
                .distinct()
                .filter(RedisConf::atStartOnly)
                .filter(name -> !Objects.equals(before.get(name), after.get(name)))
                .filter(name -> !rolling || !after.containsKey(name))
                .sorted()
                .map(name -> {
                    String stood = before.getOrDefault(name, "Redis's own default");
                    String how = after.containsKey(name)
                            ? "rolling=true (apply --rolling) restarts for it; without that it stays "
                            : "to change it, name its new value and agree to restarts by rolling=true; it stays ";
                    String rule = "Redis reads this at its start only: " + how + stood;
                    return new Violation("spec.redis.config." + name, after.getOrDefault(name, ""), rule);
                })
                .toList();
    }

    private static Optional<Violation> same(Member before, ClusterSpec wanted) {
        InstanceId id = before.id();
        String path = "spec.hosts[name=" + id.host() + "].instances[name=" + id.name() + "]";
        Optional<Member> after = wanted.member(id);
        if (after.isEmpty()) {
            return Optional.empty();
        }
        Member now = after.get();
        boolean kept = now.role() == before.role()
                && now.endpoint().equals(before.endpoint())
                && now.announce().equals(before.announce());
        String rule = "role, address, port and announced endpoint of an instance cannot change";
        return kept
                ? Optional.empty()
                : Optional.of(new Violation(path, now.endpoint().toString(), rule));
    }
}
