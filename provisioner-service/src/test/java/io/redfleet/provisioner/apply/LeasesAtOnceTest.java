package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.provisioner.lease.Claim;
import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.survey.HostAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Several hosts that are asked for at once: in which order, what is given back, and when. Time passes by being waited for. */
class LeasesAtOnceTest {
    private static final long NEVER = 1_000_000;
    private static final String BILLING = "cluster=billing uid=u9 operation=op-7 kind=provision";

    private final ClusterState cluster = Scripted.cluster();
    private final List<HostSpec> three = cluster.spec().hosts();
    private final RecordingLedger ledger = new RecordingLedger();
    /** What was asked and given back, in order. */
    private final List<String> happened = new ArrayList<>();

    private final List<Timed> open = new ArrayList<>();
    private final Map<String, Ground> grounds = new HashMap<>();
    /** In milliseconds. */
    private long now;

    private long lastGivenBack;
    private int ids;

    /**
     * How a host behaves; times in milliseconds.
     *
     * @param answers after it was asked
     * @param free from then on nobody else has it
     * @param lost what it says instead of giving it; empty: it gives it
     */
    private record Ground(long answers, long free, String lost) {}

    @Test
    void allAreAskedBeforeAnyIsWaitedFor() {
        all(new Ground(300, 0, ""));
        granted(take(true, three)).close();
        assertThat(happened.subList(0, 3)).containsExactly("ask r1 lease-1", "ask r2 lease-1", "ask r3 lease-1");
        assertThat(now).isEqualTo(300);
        everyOneWasGivenBack(3);
    }

    @Test
    void whatIsBehindAHostThatAnotherHasIsGivenBackBeforeThatIsWaitedFor() {
        grounds.put("r2", new Ground(100, 5000, ""));
        Grant grant = granted(take(true, three));
        assertThat(happened)
                .containsExactly(
                        "ask r1 lease-1", "ask r2 lease-1", "ask r3 lease-1", "give back r3 lease-1", "ask r3 lease-2");
        assertThat(lastGivenBack).isLessThan(200);
        assertThat(three).extracting(host -> under(grant, host)).containsExactly("lease-1", "lease-1", "lease-2");
        assertThat(ledger.all(OperationState.class))
                .extracting(OperationState::reason)
                .containsExactly("waits for the lease on r2: " + Holder.shown(BILLING), "holds the lease on 3 host(s)");
        grant.close();
        everyOneWasGivenBack(4);
    }

    /** Who has the last of them waits for it with the others, for these come before. */
    @Test
    void whatIsBeforeAHostThatAnotherHasIsKept() {
        grounds.put("r3", new Ground(100, 5000, ""));
        granted(take(true, three)).close();
        assertThat(happened.subList(0, 3)).containsExactly("ask r1 lease-1", "ask r2 lease-1", "ask r3 lease-1");
        everyOneWasGivenBack(3);
    }

    @Test
    void aHostThatIsSilentKeepsThoseBehindItFromOthersForASecond() {
        grounds.put("r1", new Ground(4000, 0, ""));
        Grant grant = granted(take(true, three));
        assertThat(happened)
                .containsExactly(
                        "ask r1 lease-1",
                        "ask r2 lease-1",
                        "ask r3 lease-1",
                        "give back r2 lease-1",
                        "give back r3 lease-1",
                        "ask r2 lease-2",
                        "ask r3 lease-3");
        // They were held from the 100th millisecond on.
        assertThat(lastGivenBack).isBetween(1000L, 1200L);
        assertThat(three).extracting(host -> under(grant, host)).containsExactly("lease-1", "lease-2", "lease-3");
        grant.close();
        everyOneWasGivenBack(5);
    }

    @Test
    void whereAllAreSlowNobodyIsAskedTwice() {
        all(new Ground(3000, 0, ""));
        granted(take(true, three)).close();
        assertThat(now).isEqualTo(3000);
        everyOneWasGivenBack(3);
    }

    @Test
    void aHostThatNeverAnswersIsWaitedForAsLongAsEver() {
        grounds.put("r1", new Ground(NEVER, 0, ""));
        assertThat(refused(take(true, three)).reason())
                .isEqualTo("no lease on r1 within 10 s: the host has not answered yet");
        assertThat(now).isBetween(10_000L, 10_600L);
        everyOneWasGivenBack(3);
    }

    /** Whoever cannot have one has none, and it is the first that is told. */
    @Test
    void oneThatIsLostIsAskedAgainInItsTurn() {
        grounds.put("r3", new Ground(50, 0, "its directory is nobody's"));
        assertThat(refused(take(true, three)).reason()).isEqualTo("no lease on r3: its directory is nobody's");
        assertThat(happened).contains("ask r2 lease-2", "ask r3 lease-3");
        everyOneWasGivenBack(5);
    }

    @Test
    void whoDoesNotWaitIsRefusedTheFirstThatAnotherHasAndAsksForNoneAgain() {
        grounds.put("r1", new Ground(100, NEVER, ""));
        grounds.put("r3", new Ground(50, 0, "its directory is nobody's"));
        Claim.Refused refused = refused(take(false, three));
        assertThat(refused.reason()).startsWith("refused the lease on r1");
        assertThat(refused.elsewhere()).isTrue();
        assertThat(now).isLessThan(3000);
        assertThat(ledger.all(OperationState.class)).isEmpty();
        everyOneWasGivenBack(3);
    }

    /** Another that asked at the same instant, and has it out of turn for as long as that may be. */
    @Test
    void whatIsHeldInPassingIsNeitherARefusalNorARecord() {
        grounds.put("r1", new Ground(100, 1500, ""));
        granted(take(false, three)).close();
        assertThat(ledger.all(OperationState.class)).isEmpty();
        everyOneWasGivenBack(5);
    }

    @Test
    void aCancelIsHeardWhileSeveralAreWaitedFor() {
        all(new Ground(5000, 0, ""));
        assertThat(take(true, three, () -> now >= 200)).isInstanceOf(Claim.Cancelled.class);
        assertThat(now).isLessThan(300);
        everyOneWasGivenBack(3);
    }

    @Test
    void nothingIsKeptByOneThatHasLostItsWork() {
        grounds.put("r1", new Ground(5000, 0, ""));
        assertThatThrownBy(() -> take(true, three, () -> {
                    if (now >= 200) {
                        ledger.lose();
                    }
                    return false;
                }))
                .isInstanceOf(Ledger.Lost.class);
        everyOneWasGivenBack(3);
    }

    @Test
    void ofManyEightAreAskedAtOnceAndTheNextWhenTheseAreHeld() {
        List<HostSpec> ten = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> host("h" + i, "10.0.1." + (10 + i)))
                .toList();
        granted(take(true, ten)).close();
        assertThat(happened.subList(0, 10))
                .isEqualTo(IntStream.rangeClosed(1, 10)
                        .mapToObj(i -> "ask h" + i + " lease-1")
                        .toList());
        assertThat(now).isEqualTo(200);
        everyOneWasGivenBack(10);
    }

    /** So that many who want the same hosts do not take them from each other again and again. */
    @Test
    void afterOneWasNotFreeTheRestIsTakenOneAfterTheOther() {
        List<HostSpec> twelve = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> host("h" + i, "10.0.1." + (10 + i)))
                .toList();
        grounds.put("h7", new Ground(100, 3000, ""));
        granted(take(true, twelve)).close();
        assertThat(happened.subList(8, 14))
                .containsExactly(
                        "give back h8 lease-1",
                        "ask h8 lease-2",
                        "ask h9 lease-3",
                        "ask h10 lease-4",
                        "ask h11 lease-5",
                        "ask h12 lease-6");
        assertThat(now).isEqualTo(3500);
    }

    @Test
    void twoNamesOfOnePlaceAreAskedForOnce() {
        List<HostSpec> hosts = List.of(host("b", "10.0.1.11"), host("c", "10.0.1.12"), host("a", "10.0.1.11"));
        Grant grant = granted(take(true, hosts));
        assertThat(happened).containsExactly("ask b lease-1", "ask c lease-1");
        assertThat(hosts).extracting(host -> under(grant, host)).containsOnly("lease-1");
        grant.close();
        everyOneWasGivenBack(2);
    }

    private HostSpec host(String name, String address) {
        HostSpec like = three.getFirst();
        return new HostSpec(new HostName(name), address, "", like.ssh(), like.directory(), List.of());
    }

    private void all(Ground ground) {
        three.forEach(host -> grounds.put(host.name().value(), ground));
    }

    private Claim take(boolean waits, List<HostSpec> on) {
        return take(waits, on, () -> false);
    }

    private Claim take(boolean waits, List<HostSpec> on, BooleanSupplier cancelled) {
        Leases leases = new Leases(this::ask, "p", () -> "lease-" + ++ids, ScriptedWork.CLOCK, Duration.ofSeconds(10));
        Journal journal = new Journal(ledger, ScriptedWork.CLOCK, Scripted.accepted(cluster), waits);
        return leases.take(leases.ask(cluster.spec(), on, journal, cancelled));
    }

    private static Grant granted(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Granted.class);
        return ((Claim.Granted) claim).grant();
    }

    private static Claim.Refused refused(Claim claim) {
        assertThat(claim).isInstanceOf(Claim.Refused.class);
        return (Claim.Refused) claim;
    }

    private static String under(Grant grant, HostSpec host) {
        return grant.fence(host) instanceof Fence.Open fence ? fence.lease() : "shut";
    }

    /** @param asked how many were asked for */
    private void everyOneWasGivenBack(int asked) {
        assertThat(happened.stream().filter(word -> word.startsWith("ask "))).hasSize(asked);
        assertThat(open).isEmpty();
    }

    private HostLease ask(HostAccess access, HostLeases.Request request) {
        String what = access.host() + " " + request.id();
        happened.add("ask " + what);
        Timed lease = new Timed(what, grounds.getOrDefault(access.host(), new Ground(100, 0, "")), now);
        open.add(lease);
        return lease;
    }

    private final class Timed implements HostLease {
        private final String what;
        private final Ground ground;
        private final long asked;

        Timed(String what, Ground ground, long asked) {
            this.what = what;
            this.ground = ground;
            this.asked = asked;
        }

        @Override
        public LeaseState state() {
            if (!open.contains(this)) {
                return new LeaseState.Lost("given back");
            }
            if (now < asked + ground.answers()) {
                return new LeaseState.Asked();
            }
            if (!ground.lost().isEmpty()) {
                return new LeaseState.Lost(ground.lost());
            }
            return now < ground.free() ? new LeaseState.Busy(Holder.shown(BILLING), BILLING) : new LeaseState.Held();
        }

        @Override
        public LeaseState await(Duration most) {
            long end = now + most.toMillis();
            while (now < end && !(state() instanceof LeaseState.Held) && !(state() instanceof LeaseState.Lost)) {
                now += 10;
            }
            return state();
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 0;
        }

        @Override
        public void close() {
            if (open.remove(this)) {
                happened.add("give back " + what);
                lastGivenBack = now;
            }
        }
    }
}
