package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes the leases of an operation, one host after the other, and waits for a bounded time while another holds one. An
 * operation that does not wait is refused a host that one of another cluster holds (decision 0036).
 *
 * <p>The order is the same for everybody (by address), so that two operations that need the same hosts never wait for each
 * other: whoever has the first gets the rest.
 */
public final class Leases {
    /** How soon a cancel is noticed. */
    private static final Duration STEP = Duration.ofMillis(250);

    /**
     * How long an operation that is just over may take to give its lease back; one that the host still names after that is at
     * work.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Comparator<HostSpec> ORDER = Comparator.comparing(HostSpec::address)
            .thenComparing(host -> host.ssh().port())
            .thenComparing(host -> host.ssh().user())
            .thenComparing(HostSpec::directory);

    private final HostLeases hosts;
    private final String provisioner;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final Duration patience;

    /**
     * @param provisioner this process, by the name that a person knows
     * @param ids a new id, never the same twice
     */
    public Leases(HostLeases hosts, String provisioner, Supplier<String> ids, InstantSource clock, Duration patience) {
        this.hosts = hosts;
        this.provisioner = provisioner;
        this.ids = ids;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * @param spec the cluster's, some or all of whose hosts are asked for
     * @param patience for all hosts together; never longer than this one's own
     */
    public record Ask(
            ClusterSpec spec,
            Collection<HostSpec> hosts,
            Journal journal,
            BooleanSupplier cancelled,
            Duration patience) {}

    /** With all the patience there is. */
    public Ask ask(ClusterSpec spec, Collection<HostSpec> on, Journal journal, BooleanSupplier cancelled) {
        return new Ask(spec, on, journal, cancelled, patience);
    }

    /**
     * Does the work under leases on the hosts, or says why it cannot be begun.
     *
     * @param found what is said before that; empty: nothing
     */
    public Ending during(Ask ask, String found, Function<Grant, Ending> work) {
        return switch (take(ask)) {
            case Claim.Cancelled stop -> Ending.cancelled();
            case Claim.Refused refused -> {
                ask.journal().planned(Plan.NOTHING);
                String reason = found + refused.reason();
                yield refused.elsewhere() ? Ending.turnedAway(reason) : Ending.failed(reason);
            }
            case Claim.Granted granted -> {
                try (Grant grant = granted.grant()) {
                    yield work.apply(grant);
                }
            }
        };
    }

    /** All of them or none. */
    public Claim take(Ask ask) {
        String id = ids.get();
        Grant grant = new Grant(id, ask.journal().standing());
        Waiting waiting = new Waiting(ask, ask.patience().compareTo(patience) < 0 ? ask.patience() : patience);
        List<HostSpec> ordered = ask.hosts().stream().sorted(ORDER).toList();
        boolean all = false;
        try {
            Map<String, HostLease> places = new HashMap<>();
            for (HostSpec host : ordered) {
                // Two names of one place in a spec must not wait for each other.
                HostLease lease = places.computeIfAbsent(
                        Place.access(host).place() + host.directory(),
                        place -> hosts.ask(Place.access(host), request(ask, host, id)));
                grant.add(host, lease);
                Claim end = waiting.given(host, lease);
                if (end != null) {
                    return end;
                }
            }
            waiting.over(ordered);
            all = true;
            return new Claim.Granted(grant);
        } finally {
            if (!all) {
                grant.close();
            }
        }
    }

    private HostLeases.Request request(Ask ask, HostSpec host, String id) {
        Journal journal = ask.journal();
        OperationState state = journal.state();
        Holder holder = new Holder(
                state.cluster().value(),
                state.uid().value(),
                state.id().value(),
                state.kind(),
                provisioner,
                clock.instant(),
                state.actor().name());
        return new HostLeases.Request(
                host.directory(),
                id,
                holder,
                journal.standing()::lost,
                RunAs.keeper(ask.spec()),
                ask.spec().service(),
                Place.homes(ask.spec(), host));
    }

    /** Counts what it waits, so that a clock that is set does not lengthen it. */
    private static final class Waiting {
        private final Ask ask;
        private final Duration most;
        private Duration left;
        private String said = "";
        private String met = "";
        /** What the host has said last. */
        private LeaseState.@Nullable Busy heard;

        /** From the host's first word on whom it names to its last. */
        private Duration named = Duration.ZERO;

        private Duration unheard = Duration.ZERO;

        Waiting(Ask ask, Duration most) {
            this.ask = ask;
            this.most = most;
            this.left = most;
        }

        /** Null once it is held. */
        @Nullable
        Claim given(HostSpec host, HostLease lease) {
            // Another host's word is none on this one.
            met = "";
            heard = null;
            named = Duration.ZERO;
            unheard = Duration.ZERO;
            while (true) {
                ask.journal().standing().certain();
                if (ask.cancelled().getAsBoolean()) {
                    return new Claim.Cancelled();
                }
                LeaseState state = lease.await(STEP);
                String why = "the host has not answered yet";
                switch (state) {
                    case LeaseState.Held held -> {
                        return null;
                    }
                    case LeaseState.Lost lost -> {
                        return new Claim.Refused("no lease on " + host.name() + ": " + lost.reason());
                    }
                    case LeaseState.Busy busy -> {
                        why = busy.why();
                        if (inTheWay(busy)) {
                            return new Claim.Refused(refusal(host, why), true);
                        }
                        tell("waits for the lease on " + host.name() + ": " + why);
                    }
                    case LeaseState.Asked asked -> {}
                }
                left = left.minus(STEP);
                if (left.isNegative()) {
                    return new Claim.Refused(
                            "no lease on " + host.name() + " within " + most.toSeconds() + " s: " + why);
                }
            }
        }

        /**
         * Whether an operation has it that is not waited for. What the host has said once may be heard many times and be over
         * since, so only what it says anew counts.
         */
        @SuppressWarnings("ReferenceEquality") // the very answer, not one of the same words
        private boolean inTheWay(LeaseState.Busy busy) {
            if (ask.journal().mayWait()) {
                return false;
            }
            unheard = unheard.plus(STEP);
            if (busy == heard) {
                return false;
            }
            heard = busy;
            OperationState own = ask.journal().state();
            String holder = Holder.other(busy.holder(), own.uid().value()).orElse("");
            named = holder.equals(met) ? named.plus(unheard) : Duration.ZERO;
            unheard = Duration.ZERO;
            met = holder;
            return !holder.isEmpty() && named.compareTo(GRACE) >= 0;
        }

        /** Its reader may not cover the cluster that has the host. */
        private static String refusal(HostSpec host, String why) {
            return "refused the lease on " + host.name() + ": " + why + "; nothing was changed on the cluster's hosts:"
                    + " whoever covers that cluster can look at it; order again once it is over, or wait for it with"
                    + " --wait (wait=true)";
        }

        void over(List<HostSpec> hosts) {
            if (!said.isEmpty()) {
                tell("holds the lease on " + hosts.size() + " host(s)");
            }
        }

        /** Once per holder: each is a record. */
        private void tell(String reason) {
            if (!said.equals(reason)) {
                said = reason;
                ask.journal().waits(reason);
            }
        }
    }
}
