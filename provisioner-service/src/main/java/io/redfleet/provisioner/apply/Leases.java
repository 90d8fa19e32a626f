package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes the leases of an operation, and waits for a bounded time while another holds one. An operation that does not wait is
 * refused a host that one of another cluster holds (decision 0036).
 *
 * <p>The order is the same for everybody (by address), so that two operations that need the same hosts never wait for each
 * other: whoever has the first gets the rest. Some of them are asked for at once all the same (decision 0039, {@link AtOnce});
 * where one of those is not free, what is behind it is given back before it is waited for, and from there on it is one host
 * after the other, so whoever waits holds nothing but what comes before. That is tried until it has failed once, so that many
 * who want the same hosts take away from each other little, and not again and again.
 */
public final class Leases {
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
        LeaseWait waiting = new LeaseWait(ask, ask.patience().compareTo(patience) < 0 ? ask.patience() : patience);
        List<List<HostSpec>> places = places(ask.hosts());
        // Of the first places, in their order: those that are asked for and were not given back.
        List<HostLease> asked = new ArrayList<>();
        boolean atOnce = true;
        boolean all = false;
        try {
            for (int i = 0; i < places.size(); i++) {
                if (i == asked.size()) {
                    int end = Math.min(places.size(), atOnce ? i + AtOnce.PLACES : i + 1);
                    // What was given back may live there for a moment: its id proves nothing any more.
                    String under = atOnce ? id : ids.get();
                    for (List<HostSpec> names : places.subList(i, end)) {
                        asked.add(asked(ask, names, under, grant));
                    }
                    if (end - i > 1) {
                        int held = waiting.together(asked.subList(i, end));
                        atOnce = held == end - i;
                        giveBack(asked.subList(Math.min(i + held + 1, end), end));
                    }
                }
                Claim over = waiting.given(places.get(i).getFirst(), asked.get(i));
                if (over != null) {
                    return over;
                }
            }
            waiting.over(ask.hosts().size());
            all = true;
            return new Claim.Granted(grant);
        } finally {
            if (!all) {
                grant.close();
            }
        }
    }

    /** In the order, each by all names that the spec has for it: two names of one place must not wait for each other. */
    private static List<List<HostSpec>> places(Collection<HostSpec> hosts) {
        Map<String, List<HostSpec>> places = new LinkedHashMap<>();
        for (HostSpec host : hosts.stream().sorted(ORDER).toList()) {
            String place = Place.access(host).place() + host.directory();
            places.computeIfAbsent(place, key -> new ArrayList<>()).add(host);
        }
        return List.copyOf(places.values());
    }

    /** In the grant from then on, which closes it, whatever comes next. */
    private HostLease asked(Ask ask, List<HostSpec> names, String under, Grant grant) {
        HostSpec first = names.getFirst();
        HostLease lease = hosts.ask(Place.access(first), request(ask, first, under));
        names.forEach(host -> grant.add(host, under, lease));
        return lease;
    }

    private static void giveBack(List<HostLease> leases) {
        leases.forEach(HostLease::close);
        leases.clear();
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
}
