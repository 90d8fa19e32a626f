package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Fate;
import io.redfleet.provisioner.plan.SwitchPlan;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.Child;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An apply is cut on hosts that boot: a connection ends, a host stands still, the provisioner is killed, at the beginning, in the
 * middle and at the end of each step of a new cluster, and of changes to one that somebody writes to. Whatever was cut says so, the
 * next apply converges, touches nothing that runs as it should, and leaves nothing of the one that was cut.
 *
 * <p>Which step is cut where and how, a seed says ({@code -Dseed=N}); a failure names it with its cut.
 */
@Tag("long")
@Timeout(1200)
class CutOnHostsTest extends BootedGround {
    private static final long SEED = Long.getLong("seed", 20_261_128L);
    private static final Duration REACHES_WITHIN = Duration.ofMinutes(2);
    /** Two questions of SSH that nobody answers, and what was begun on other hosts meanwhile. */
    private static final Duration GIVES_UP_WITHIN = Duration.ofSeconds(90);
    /** A switch that goes on alone takes longest. */
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(90);

    private static final Duration WRITES_WITHIN = Duration.ofSeconds(20);
    private static final Duration LOOKS_EVERY = Duration.ofMillis(100);
    private static final String SOMAXCONN = "net.core.somaxconn";
    private static final List<String> INSTANCES = List.of("redis-server", "redis-sentinel");

    /** What may have become of the connection, in the words of who waited for an answer. */
    private static final List<String> WHYS =
            List.of("the connection was lost", "did not end within", "answered no heartbeat", "gave no answer");

    /** What is fed to a shell, and the lease, whose text is an argument. No shell that runs this finds itself by it. */
    private static final String SCRIPTS = "pgrep -f '[s]h -s --|[#] Shared by every script' || true";

    private static final String LOCKS = "for lock in " + BASE + "/.lease " + BASE + "/.lease.work; do"
            + " if [ -e $lock ] && ! flock -n $lock true; then echo $lock; fi; done";

    /** What is there for a moment while something is written or tried. */
    private static final String HALF = """
            for at in %s /etc/systemd/system /etc/logrotate.d /etc/sysctl.d /etc/redfleet \\
              /var/lib/redfleet-host /home/ops /tmp; do
              if [ -d "$at" ]; then
                find "$at" -xdev \\( -name '*.new' -o -name '*.staged' -o -name '*.untold' \\
                  -o -name '.*.redfleet' -o -name permit \\)
              fi
            done
            find %s/bin -name '.*'
            for at in /run/redfleet-firewall-orders /run/redfleet-firewall-orders.rules /run/redfleet-firewall-orders.unit; do
              if [ -e "$at" ]; then echo "$at"; fi
            done
            """.formatted(BASE, BASE);

    private static final String OF_A_CLUSTER = "ls -d " + UNITS + "redfleet-orders* " + BASE + "/orders/*"
            + " /etc/logrotate.d/redfleet-orders /etc/sysctl.d/60-redfleet.conf /etc/redfleet/firewall-orders*"
            + " /run/redfleet-firewall-orders 2>/dev/null || true";

    /** Keys that were acknowledged, and are their own values. */
    private final Set<String> written = new TreeSet<>();

    private boolean filters;

    CutOnHostsTest() {
        super(3);
    }

    @Test
    void whereverAnApplyIsCutTheNextOneConvergesAndNothingIsLostTouchedOrLeft() throws Exception {
        filters = canFilter();
        ClusterState cluster = orders(1, Map.of());
        List<List<Cut>> lives = Cut.lives(SEED);
        int cuts = 0;
        for (int life = 0; life < lives.size(); life++) {
            if (life > 0) {
                removed(cluster, Fate.ERASED);
                nothingIsThere(named(lives.get(life - 1)));
                written.clear();
            }
            long begun = System.nanoTime();
            for (Cut cut : lives.get(life)) {
                if (filters || cut.point() != CutPoint.FIREWALL) {
                    interrupted(cut, cluster, false);
                    cuts++;
                }
            }
            String which = named(lives.get(life));
            converges(which, cluster, false);
            allIsThere(which, cluster);
            System.out.printf(
                    "cut on hosts: %s: converged, %d ms in all%n",
                    which, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        }
        assertThat(cuts).isGreaterThanOrEqualTo(2 * lives.size() - 1);
        underAWriter(cluster);
    }

    private static String named(List<Cut> cuts) {
        return "seed " + SEED + ", " + cuts;
    }

    private boolean canFilter() {
        for (int number : THREE) {
            shell(number, "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nftables");
        }
        String said = shell(1, "if said=$(nft list tables 2>&1); then echo yes; else echo \"$said\"; fi");
        if (!said.equals("yes")) {
            System.out.println("cut on hosts: no firewall, the kernel of these hosts has no nftables: " + said);
        }
        return said.equals("yes");
    }

    private ClusterState orders(long revision, Map<String, String> config) throws IOException {
        Map<String, Object> more = new HashMap<>();
        more.put("tuning", Map.of("sysctl", Map.of(SOMAXCONN, "8192")));
        if (!config.isEmpty()) {
            more.put("redis", Map.of("config", config));
        }
        if (filters) {
            more.put(
                    "firewall", Map.of("backend", "nftables", "monitors", List.of(ownAddress()), "clients", List.of()));
        }
        return cluster("orders", revision, THREE, more);
    }

    private void underAWriter(ClusterState cluster) throws Exception {
        int first = whole(cluster, THREE);
        try (SentinelWriter writer = writer(cluster)) {
            writer.awaitMore(200);
            ClusterState larger = orders(2, Map.of("maxmemory", "64mb"));
            Cut live = new Cut(CutPoint.SETTING, first, Cut.Where.END, Cut.How.DROPPED);
            interrupted(live, larger, false);
            converges(named(List.of(live)), larger, false);
            writer.awaitMore(200);

            ClusterState rolled = orders(3, Map.of("maxmemory", "64mb", "tcp-backlog", "500"));
            int replica =
                    THREE.stream().filter(number -> number != first).findFirst().orElseThrow();
            Cut roll = new Cut(CutPoint.REPLICA, replica, Cut.Where.START, Cut.How.KILLED);
            interrupted(roll, rolled, true);
            assertThat(shell(replica, "systemctl is-active " + DATA_UNIT + " || true"))
                    .as("%s: the one that was just to be started", roll)
                    .isEqualTo("inactive");
            converges(named(List.of(roll)), rolled, true);
            writer.awaitMore(200);

            int second = whole(rolled, THREE);
            Cut switched = new Cut(CutPoint.SWITCH, second, Cut.Where.MIDDLE, Cut.How.DROPPED);
            interrupted(switched, rolled, by -> switchedOver(by, rolled, second));
            successor(rolled, THREE, second);
            whole(rolled, THREE);
            converges(named(List.of(switched)), rolled, false);
            writer.awaitMore(200);
            writer.end();
            whole(rolled, THREE);
            List<String> lost = new ArrayList<>();
            for (int number : THREE) {
                lost.addAll(writer.lostAt(new Endpoint(hosts.host(number).address(), REDIS)));
            }
            System.out.printf(
                    "cut on hosts: a setting, a roll and a switch under %d acknowledged writes, %d lost, longest time without one"
                            + " %d ms%n",
                    writer.count(), lost.size(), writer.longestOutage().toMillis());
            assertThat(lost).isEmpty();
            allIsThere(named(List.of(live, roll, switched)), rolled);
        }
    }

    private SentinelWriter writer(ClusterState cluster) {
        List<Endpoint> sentinels = THREE.stream()
                .map(number -> new Endpoint(hosts.host(number).address(), SENTINEL))
                .toList();
        String password = password(cluster, Purpose.APPLICATION);
        return new SentinelWriter(
                sentinels,
                "orders",
                (address, port) ->
                        RedisCall.open(address, port, ANSWERS_WITHIN).as(Purpose.APPLICATION.word(), password));
    }

    private static Ending switchedOver(Handwork by, ClusterState cluster, int master) {
        Member old = cluster.spec()
                .member(new InstanceId("r" + master + "/redis-server"))
                .orElseThrow();
        List<Member> others = cluster.spec().members(InstanceRole.REDIS).stream()
                .filter(member -> !member.equals(old))
                .toList();
        return by.carriedOut(
                cluster,
                "switchover",
                survey -> SwitchPlan.plan(cluster.spec(), survey, old, Optional.empty(), others));
    }

    /** Applies the cluster as far as the cut, and waits until nothing of that apply runs any more. */
    private void interrupted(Cut cut, ClusterState cluster, boolean rolling) throws Exception {
        if (cut.how() != Cut.How.KILLED) {
            interrupted(cut, cluster, by -> CutOwner.carriedOut(by, cluster, rolling));
            return;
        }
        arm(cut);
        Child owner = CutOwner.start(directory, credentials, cluster, cut, rolling);
        try {
            awaitReached(cut, () -> !owner.alive(), owner::output);
            write(cut, cluster);
        } finally {
            owner.kill9();
        }
        release(cut, cluster);
    }

    /** The same of any work, which is told that it was cut. */
    private void interrupted(Cut cut, ClusterState cluster, Function<Handwork, Ending> deed) throws Exception {
        arm(cut);
        Handwork by = workBy(line -> new CutLine(line, cut));
        CompletableFuture<Ending> running = CompletableFuture.supplyAsync(() -> deed.apply(by), workers);
        awaitReached(
                cut, running::isDone, () -> "it has ended: " + running.join().reason());
        write(cut, cluster);
        SystemdHost host = hosts.host(cut.host());
        try {
            if (cut.how() == Cut.How.FROZEN) {
                host.freeze();
            } else {
                shell(host, "pkill -KILL -f '^sshd(-session)?: " + host.user() + "'");
            }
            isToldOf(cut, running.get(GIVES_UP_WITHIN.toSeconds(), TimeUnit.SECONDS), by);
        } finally {
            host.thaw();
        }
        release(cut, cluster);
    }

    private void arm(Cut cut) {
        shell(cut.host(), "rm -rf " + Cut.DIRECTORY + " && mkdir -m 1777 " + Cut.DIRECTORY + " && : >" + Cut.ARMED);
    }

    private void awaitReached(Cut cut, BooleanSupplier over, Supplier<String> said) {
        String look = "if [ -e " + Cut.REACHED + " ]; then echo yes; fi";
        Await.until("seed " + SEED + ": what is cut: " + cut, REACHES_WITHIN, () -> {
            // It halts there: whoever has reached it is not over.
            boolean ended = over.getAsBoolean();
            if (shell(cut.host(), look).equals("yes")) {
                return true;
            }
            if (ended) {
                throw new AssertionError("seed " + SEED + ": never came to " + cut + "; " + said.get());
            }
            Await.moment(LOOKS_EVERY);
            return false;
        });
    }

    /** A key, if the master takes one by then; it has to, once its replicas follow. */
    private void write(Cut cut, ClusterState cluster) {
        String key = cut.point() + "-" + cut.where() + "-" + cut.how();
        if (cut.point().served()) {
            Await.until(cut + ": a write that is acknowledged", WRITES_WITHIN, () -> takes(cluster, key));
        }
        if (CutPoint.STARTS.contains(cut.point()) && takes(cluster, key)) {
            written.add(key);
        }
    }

    private boolean takes(ClusterState cluster, String key) {
        return ask(cluster, 1, REDIS, Purpose.APPLICATION, "SET", key, key).equals(Optional.of("OK"));
    }

    /** With the host, the step and the reason; and of no step it is said that it still runs. */
    private static void isToldOf(Cut cut, Ending ending, Handwork by) {
        String which = "seed " + SEED + ", " + cut + ": " + ending.reason();
        assertThat(ending.status()).as("%s", which).isEqualTo(Status.FAILED);
        assertThat(ending.reason()).as("%s", which).contains("step " + cut.hostName() + "/", cut.hostName() + " (");
        assertThat(WHYS).as("%s", which).anyMatch(ending.reason()::contains);
        OperationState told = by.ledger().last(OperationState.class);
        assertThat(told.status()).as("%s", which).isEqualTo(Status.FAILED);
        assertThat(told.reason()).as("%s", which).isEqualTo(ending.reason());
        assertThat(told.finishedAt()).as("%s", which).isNotNull();
        assertThat(told.steps())
                .as("%s", which)
                .noneMatch(step -> step.status() == StepState.Status.RUNNING)
                .anyMatch(step ->
                        step.status() == StepState.Status.FAILED && step.host().equals(cut.hostName()));
        assertThat(told.steps())
                .as("%s", which)
                .filteredOn(step -> step.status() == StepState.Status.FAILED)
                .allMatch(step -> step.detail().contains(cut.hostName()));
    }

    /** The script goes on, as far as it may; then nothing of the work that was cut is left at work, and all hosts answer. */
    private void release(Cut cut, ClusterState cluster) {
        shell(cut.host(), "rm -f " + Cut.ARMED);
        for (int number : THREE) {
            // The watchman of a table that was tried goes on for minutes, unless the next apply comes first.
            boolean watched = cut.point() == CutPoint.FIREWALL && number == cut.host();
            Await.until(
                    "seed " + SEED + ", " + cut + ": the end of its scripts on r" + number,
                    ENDS_WITHIN,
                    () -> watched ? nobodyHolds(number) : nothingRuns(number));
        }
        shell(cut.host(), "rm -rf " + Cut.DIRECTORY);
        Await.until(
                "seed " + SEED + ", " + cut + ": answers of all hosts",
                SETTLES_WITHIN,
                () -> work.surveyor().survey(cluster).unreached().isEmpty());
        // A Sentinel that has stood still judges nothing for half a minute.
        Await.until(
                "seed " + SEED + ", " + cut + ": the end of a tilt",
                ENDS_WITHIN,
                () -> !ask(cluster, cut.host(), SENTINEL, Purpose.ADMIN, "INFO", "sentinel")
                        .orElse("")
                        .contains("sentinel_tilt:1"));
    }

    /** No script of ours is there, nor anybody who holds one of the locks of the lease. */
    private boolean nothingRuns(int number) {
        return shell(number, SCRIPTS).isEmpty() && nobodyHolds(number);
    }

    private boolean nobodyHolds(int number) {
        return shell(number, LOCKS).isEmpty();
    }

    /** The next apply, with the restarts that it needs or without any. */
    private void converges(String which, ClusterState cluster, boolean rolling) {
        Map<String, String> before = processes();
        // Those of the data nodes are to be others.
        before.keySet().removeIf(name -> rolling && name.endsWith("/" + DATA_UNIT));
        Map<Integer, String> ids = sentinelIds(cluster);
        Ending ending = rolling ? rolled(cluster) : work.apply(cluster);
        assertThat(ending.status()).as("%s: %s", which, ending.reason()).isEqualTo(Status.SUCCEEDED);
        assertThat(work.provisioning().plan(cluster).nothingToDo())
                .as("%s: plan", which)
                .isTrue();
        assertThat(work.apply(cluster)).as("%s", which).isEqualTo(Ending.succeeded("nothing to change"));
        Map<String, String> now = processes();
        assertThat(now).as("%s: processes", which).hasSize(2 * THREE.size());
        assertThat(otherThan(before, now)).as("%s: processes", which).isEmpty();
        Map<Integer, String> idsNow = sentinelIds(cluster);
        assertThat(idsNow).as("%s: ids of Sentinels", which).hasSize(THREE.size());
        assertThat(otherThan(ids, idsNow)).as("%s: ids of Sentinels", which).isEmpty();
        nothingIsLeft(which, cluster);
    }

    /** What was, and is not so any more. */
    private static <K> List<String> otherThan(Map<K, String> before, Map<K, String> now) {
        List<String> other = new ArrayList<>();
        before.forEach((name, was) -> {
            if (!was.equals(now.get(name))) {
                other.add(name + ": " + was + ", then " + now.get(name));
            }
        });
        return other;
    }

    /** By host and unit the process and its start, of units that have one. */
    private Map<String, String> processes() {
        Map<String, String> found = new TreeMap<>();
        traces().forEach((name, says) -> {
            boolean lives = !(" " + says + " ").contains(" 0 ");
            if (lives && name.contains(" redfleet-")) {
                found.put(name.replace(' ', '/'), says);
            }
        });
        return found;
    }

    /** Of those that answer. */
    private Map<Integer, String> sentinelIds(ClusterState cluster) {
        Map<Integer, String> ids = new TreeMap<>();
        for (int number : THREE) {
            ask(cluster, number, SENTINEL, Purpose.ADMIN, "SENTINEL", "MYID").ifPresent(id -> ids.put(number, id));
        }
        return ids;
    }

    private void nothingIsLeft(String which, ClusterState cluster) {
        for (int number : THREE) {
            Await.until(which + ": nothing of ours at work on r" + number, ENDS_WITHIN, () -> nothingRuns(number));
            assertThat(shell(number, HALF)).as("%s: left on r%d", which, number).isEmpty();
            assertThat(shell(number, "find " + BASE + " ! -user redis ! -path " + BASE + " ! -name .lease"))
                    .as("%s: not redis's on r%d", which, number)
                    .isEmpty();
            for (String name : INSTANCES) {
                String place = BASE + "/orders/" + name;
                assertThat(shell(number, "cat " + place + "/owner"))
                        .as("%s", which)
                        .isEqualTo("u-orders orders/r" + number + "/" + name);
                assertThat(shell(number, "cat " + place + "/revision"))
                        .as("%s", which)
                        .isEqualTo("u-orders " + cluster.revision());
            }
        }
    }

    private void allIsThere(String which, ClusterState cluster) {
        whole(cluster, THREE);
        for (int number : THREE) {
            assertThat(shell(number, "cat /proc/sys/net/core/somaxconn"))
                    .as("%s: r%d", which, number)
                    .isEqualTo("8192");
            if (filters) {
                assertThat(shell(number, "nft list table inet redfleet_orders"))
                        .as("%s: r%d", which, number)
                        .contains("reject with tcp reset");
            }
            for (String key : written) {
                assertThat(ask(cluster, number, REDIS, Purpose.APPLICATION, "GET", key))
                        .as("%s: %s on r%d", which, key, number)
                        .contains(key);
            }
        }
    }

    private void nothingIsThere(String which) {
        for (int number : THREE) {
            assertThat(shell(number, OF_A_CLUSTER))
                    .as("%s: once it is removed, on r%d", which, number)
                    .isEmpty();
        }
    }
}
