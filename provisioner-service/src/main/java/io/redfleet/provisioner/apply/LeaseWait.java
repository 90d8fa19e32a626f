package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.LeaseState;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waiting of one operation for its leases. Counts what it waits, so that a clock that is set does not lengthen it. One
 * thread's.
 */
final class LeaseWait {
    /** How soon a cancel is noticed. */
    private static final Duration STEP = Duration.ofMillis(250);

    /** The same while several are asked for at once: what is held out of turn may be given back that soon. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /**
     * How long an operation that is just over, or has it out of turn ({@link AtOnce#OUT_OF_TURN}), may take to give its lease
     * back; one that the host still names after that is at work.
     */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Leases.Ask ask;
    private final Duration most;
    private Duration left;
    private boolean cancelled;
    private String said = "";
    private String met = "";
    /** What the host has said last. */
    private LeaseState.@Nullable Busy heard;

    /** From the host's first word on whom it names to its last. */
    private Duration named = Duration.ZERO;

    private Duration unheard = Duration.ZERO;
    /** For how long the host was another's, whoever that was. */
    private Duration taken = Duration.ZERO;

    /** @param most for all hosts together */
    LeaseWait(Leases.Ask ask, Duration most) {
        this.ask = ask;
        this.most = most;
        this.left = most;
    }

    /**
     * Waits while several may yet be held that were asked for at once, in the order of the leases.
     *
     * @return how many of the first are held; less than all: the others have to be waited for one after the other, and what is
     *     behind the next one must not be held meanwhile
     * @throws RuntimeException if the work is another's
     */
    int together(List<HostLease> leases) {
        Duration outOfTurn = Duration.ZERO;
        while (true) {
            ask.journal().standing().certain();
            AtOnce now = new AtOnce(leases.stream().map(HostLease::state).toList());
            if (cancelled() || left.isNegative() || now.over(outOfTurn)) {
                return now.held();
            }
            if (!(leases.get(now.held()).await(LOOK) instanceof LeaseState.Held)) {
                left = left.minus(LOOK);
                outOfTurn = now.outOfTurn() ? outOfTurn.plus(LOOK) : outOfTurn;
            }
        }
    }

    /** Once it was cancelled it stays so. */
    private boolean cancelled() {
        cancelled = cancelled || ask.cancelled().getAsBoolean();
        return cancelled;
    }

    /** Null once it is held. */
    @Nullable
    Claim given(HostSpec host, HostLease lease) {
        // Another host's word is none on this one.
        met = "";
        heard = null;
        named = Duration.ZERO;
        unheard = Duration.ZERO;
        taken = Duration.ZERO;
        while (true) {
            ask.journal().standing().certain();
            if (cancelled()) {
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
                    // What is passing is not worth a record.
                    taken = taken.plus(STEP);
                    if (taken.compareTo(GRACE) > 0) {
                        tell("waits for the lease on " + host.name() + ": " + why);
                    }
                }
                case LeaseState.Asked asked -> {}
            }
            left = left.minus(STEP);
            if (left.isNegative()) {
                return new Claim.Refused("no lease on " + host.name() + " within " + most.toSeconds() + " s: " + why);
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

    /** All of so many hosts are held. */
    void over(int hosts) {
        if (!said.isEmpty()) {
            tell("holds the lease on " + hosts + " host(s)");
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
