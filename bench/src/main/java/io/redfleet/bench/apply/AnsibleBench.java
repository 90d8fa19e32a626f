package io.redfleet.bench.apply;

import io.redfleet.testkit.Await;
import io.redfleet.testkit.Installation;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.SystemdHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Redfleet beside Ansible. In each round both make the same cluster on three fresh hosts, one after the other, in turns who
 * begins; then both are run again, with nothing to do; then the master's host falls silent until Sentinel has switched and comes
 * back, and both are run once more: what they do to a cluster that is well, but no longer as it was made, is printed.
 *
 * <p>Held to: the checked state, that the second run of either changes and restarts nothing, Redfleet's run after the failover
 * neither; and, by the medians of the rounds, that Redfleet makes a new cluster in a quarter of the time, until the last start,
 * and a run that has nothing to do in a tenth.
 */
public final class AnsibleBench {
    private static final Duration STANDS_WITHIN = Duration.ofMinutes(2);
    private static final Duration SWITCHED_WITHIN = Duration.ofMinutes(1);
    private static final String NOT_INSTALLED =
            "it is not installed: apt-get install --no-install-recommends ansible openssh-client";
    private static final String ANEW = "new cluster, until the last start, s";
    private static final String AGAIN = "second run, s";
    private static final double ANEW_MIN = 4;
    private static final double AGAIN_MIN = 10;
    private static final Duration CALL = Duration.ofSeconds(1);

    private final Path directory;
    private final Installation stack;
    private final Figures figures = new Figures();
    private final List<String> afterwards = new ArrayList<>();
    private final long begun = System.nanoTime();
    private boolean holds = true;

    private AnsibleBench(Path directory, Installation stack) {
        this.directory = directory;
        this.stack = stack;
    }

    /**
     * Prints its figures; true when all that is held to holds. Where no hosts can be booted, or there is no Ansible, it says what
     * is missing, and false.
     *
     * @param rounds how many clusters of each side
     */
    public static boolean run(Path parent, int rounds) throws Exception {
        Path directory = Files.createDirectories(parent.resolve("ansible"));
        Optional<String> missing = SystemdHosts.missing();
        String version = AnsibleSide.version(directory);
        if (missing.isPresent() || version.isEmpty()) {
            System.out.println("not measured beside Ansible: " + missing.orElse(NOT_INSTALLED));
            return false;
        }
        System.out.println(
                "beside " + version + ", rounds: " + rounds + "; Redfleet by ./redfleet apply and the whole stack");
        try (Installation stack = Installation.up(directory.resolve("home"))) {
            AnsibleBench bench = new AnsibleBench(directory, stack);
            for (int round = 0; round < rounds; round++) {
                boolean oursFirst = round % 2 == 0;
                bench.measure(round, oursFirst);
                bench.measure(round, !oursFirst);
            }
            return bench.print();
        }
    }

    private boolean print() {
        figures.lines("Redfleet", "Ansible").forEach(System.out::println);
        bound(ANEW, ANEW_MIN);
        bound(AGAIN, AGAIN_MIN);
        System.out.println("a run after a failover:");
        afterwards.forEach(System.out::println);
        return holds;
    }

    private void bound(String quantity, double least) {
        double times = figures.ratio(quantity, "Redfleet", "Ansible").orElse(0);
        boolean held = times >= least;
        System.out.printf(
                Locale.ROOT,
                "%s: Ansible %.2f times ours (bound %.0f: %s)%n",
                quantity,
                times,
                least,
                held ? "holds" : "MISSED");
        holds &= held;
    }

    private void measure(int round, boolean ours) throws IOException, InterruptedException {
        String label = "round " + (round + 1) + ", " + (ours ? "Redfleet" : "Ansible");
        Path place = Files.createDirectories(directory.resolve((ours ? "redfleet-" : "ansible-") + round));
        progress(label + ": three hosts boot");
        try (Trio hosts = Trio.boot(place.resolve("key"))) {
            Side side = ours ? new RedfleetSide(stack, hosts, place, "bench-" + round) : new AnsibleSide(hosts, place);
            progress(label + ": a new cluster");
            anew(hosts, side);
            progress(label + ": the second run");
            again(hosts, side);
            progress(label + ": a failover, and a run after it");
            List<AnsibleSide.Style> styles = List.of(AnsibleSide.Style.values());
            afterAFailover(hosts, side, styles.get(round % styles.size()));
            side.leave();
        }
    }

    private void anew(Trio hosts, Side side) throws IOException, InterruptedException {
        long sessions = hosts.sessions();
        long logins = hosts.logins();
        Ran ran = side.apply();
        // With what the checker takes, and on our side with two passwords that are revealed to it.
        String master = new EndState(hosts, side).await(STANDS_WITHIN);
        Instant stood = Instant.now();
        Instant last = hosts.lastStart(side);
        figures.add(ANEW, side, seconds(ran.begun(), last));
        figures.add("new cluster, until the command ends, s", side, ran.seconds());
        figures.add("from the last start until seen to stand, s", side, seconds(last, stood));
        figures.add("new cluster, SSH sessions for each host", side, (hosts.sessions() - sessions) / 3.0);
        figures.add("new cluster, SSH logins for each host", side, (hosts.logins() - logins) / 3.0);
        require(!master.equals(hosts.addresses().getFirst()), side, "the first host is not the master: " + master);
    }

    private void again(Trio hosts, Side side) throws IOException, InterruptedException {
        Map<String, String> before = hosts.runs(side);
        long sessions = hosts.sessions();
        Ran ran = side.apply();
        figures.add(AGAIN, side, ran.seconds());
        figures.add("second run, SSH sessions for each host", side, (hosts.sessions() - sessions) / 3.0);
        List<String> restarted = Trio.restarted(before, hosts.runs(side));
        require(!side.changedNothing(ran) || !restarted.isEmpty(), side, "the second run changed things: " + restarted);
        String master = new EndState(hosts, side).await(STANDS_WITHIN);
        require(!master.equals(hosts.addresses().getFirst()), side, "another master after the second run: " + master);
    }

    private void afterAFailover(Trio hosts, Side side, AnsibleSide.Style style)
            throws IOException, InterruptedException {
        EndState state = new EndState(hosts, side);
        String first = state.await(STANDS_WITHIN);
        failOver(hosts, side, first);
        String second = state.await(STANDS_WITHIN);
        String how = "";
        if (side instanceof AnsibleSide ansible) {
            ansible.style(style);
            how = " (" + style.words() + ")";
        }
        Map<String, String> before = hosts.runs(side);
        RoleWatch watch = RoleWatch.begin(hosts.addresses(), side.password("application"));
        Ran ran;
        String third;
        try (watch) {
            ran = side.apply();
            third = outcome(state);
        }
        List<String> restarted = Trio.restarted(before, hosts.runs(side));
        boolean nothing = side.changedNothing(ran) && restarted.isEmpty() && third.equals(second);
        afterwards.add(String.format(
                Locale.ROOT,
                "  %s%s: %.2f s; %s; %d of 6 units restarted; master %s, then %s; %s",
                side.name(),
                how,
                ran.seconds(),
                side.changedNothing(ran) ? "says that nothing changed" : "says that it changed things",
                restarted.size(),
                second,
                third,
                watch.tally()));
        if (side instanceof RedfleetSide) {
            require(!nothing, side, "the run after a failover changed things: " + restarted);
        }
    }

    /** The master's address, or why there is none: either is what there is to tell of a run that may do harm. */
    private static String outcome(EndState state) throws IOException, InterruptedException {
        try {
            return state.await(STANDS_WITHIN);
        } catch (IllegalStateException broken) {
            return "nothing that stands (" + broken.getMessage() + ")";
        }
    }

    /** Its host is silent until Sentinel has switched, and comes back as it was. */
    private static void failOver(Trio hosts, Side side, String master) throws IOException, InterruptedException {
        SystemdHost silent = hosts.all().stream()
                .filter(host -> host.address().equals(master))
                .findFirst()
                .orElseThrow();
        SystemdHost other = hosts.all().stream()
                .filter(host -> !host.address().equals(master))
                .findFirst()
                .orElseThrow();
        String password = side.password("probe");
        silent.freeze();
        try {
            Await.until(
                    "another master",
                    SWITCHED_WITHIN,
                    () -> named(other.address(), password)
                            .filter(address -> !address.equals(master))
                            .isPresent());
        } finally {
            silent.thaw();
        }
    }

    private static Optional<String> named(String address, String password) {
        try (RedisCall call = RedisCall.open(address, Trio.SENTINEL, CALL).as("probe", password)) {
            List<String> words = EndState.words(call.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", EndState.NAME));
            return words.stream().findFirst();
        } catch (IOException away) {
            return Optional.empty();
        }
    }

    private void require(boolean missed, Side side, String what) {
        if (missed) {
            System.out.println(side.name() + ": MISSED: " + what);
            holds = false;
        }
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    private void progress(String what) {
        System.err.printf(Locale.ROOT, "%4d s  %s%n", (System.nanoTime() - begun) / 1_000_000_000, what);
    }
}
