package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import io.redfleet.provisioner.lease.LeaseProcess;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisProcess;
import io.redfleet.testkit.SentinelNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/** switch.sh with a real shell, of a real master with two replicas and three Sentinels. */
@Timeout(180)
class SwitchScriptTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration DEADLINE = Duration.ofSeconds(90);
    /** Long enough for a replica that is stopped not to be missed. */
    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 2, Duration.ofSeconds(10), Duration.ofSeconds(20));

    /** How long the script waits for another master, in seconds. */
    private static final int FAILOVER = 25;
    /** As long as nobody gives the order, all of it is waited for. */
    private static final int SHORT_FAILOVER = 12;

    @TempDir
    Path base;

    private RedisNode master;
    private RedisNode second;
    private RedisNode third;
    private List<SentinelNode> sentinels;
    /** Where the script asks the master. */
    private String address = RedisProcess.LOOPBACK;

    @BeforeEach
    void open() {
        master = RedisNode.start("min-replicas-to-write 1");
        second = RedisNode.replicaOf(master);
        third = RedisNode.replicaOf(master);
        sentinels = Stream.generate(() -> SentinelNode.start(master, WATCH))
                .limit(3)
                .toList();
        Await.until("whole", SOON, () -> sentinels.stream().allMatch(sentinel -> sentinel.knows(2, 2)));
        Await.until("replicas in sync", SOON, () -> linked(second) && linked(third));
    }

    @AfterEach
    void close() {
        sentinels.forEach(SentinelNode::close);
        third.close();
        second.close();
        master.close();
    }

    @Test
    @Execution(CONCURRENT)
    void thePreferredOneIsMasterAndAllIsAsItWas() throws Exception {
        assertThat(switched(third)).matches("(?s)0 master=127.0.0.1:" + third.port() + " writes_held_ms=\\d+\nchanged");
        assertThat(third.info("replication")).containsEntry("role", "master");
        assertThat(master.info("replication"))
                .containsEntry("role", "slave")
                .containsEntry("master_port", "" + third.port());
        asItWas();
        assertThat(master.configFile()).content().doesNotContain("min-replicas-to-write 21474");
        assertThat(third.configFile()).content().doesNotContain("replica-priority 1\n");
    }

    @Test
    @Execution(CONCURRENT)
    void whatTheSentinelsCallItMayBeAnotherAddressThanItsOwn() throws Exception {
        address = "localhost";
        assertThat(switched(null)).startsWith("0 master=127.0.0.1:");
        assertThat(master.info("replication")).containsEntry("role", "slave");
        asItWas();
    }

    @Test
    @Execution(CONCURRENT)
    void aScriptThatIsKilledWhileTheSentinelsLearnThePriorityLeavesNone() throws Exception {
        killedWhen("the priority", () -> setting(third, "replica-priority").equals("1"));
        Await.until(
                "its own priority",
                SOON,
                () -> setting(third, "replica-priority").equals("100"));
        asItWas();
        writes(master);
    }

    /** The watchman does not know whether the order was given, so it waits as long as a failover may take. */
    @Test
    @Execution(CONCURRENT)
    void aScriptThatIsKilledBehindTheFenceLeavesNeitherFenceNorPriority() throws Exception {
        killedWhen("the fence", () -> setting(master, "min-replicas-to-write").startsWith("21474"));
        Await.until(
                "all as it was",
                SOON,
                () -> setting(master, "min-replicas-to-write").equals("1")
                        && setting(third, "replica-priority").equals("100"));
        RedisNode leads = named() == third.port() ? third : master;
        Await.until("writes", SOON, () -> leads.ask("SET", "key", "x").isPresent());
        assertThat(Stream.of(master, second, third)
                        .filter(node -> "master".equals(node.info("replication").get("role"))))
                .containsExactly(leads);
    }

    private void killedWhen(String what, BooleanSupplier reached) throws Exception {
        try (LeaseProcess lease = LeasedShell.lease(base)) {
            List<String> words = words(third, SHORT_FAILOVER);
            Process shell = LeasedShell.begun(LeasedShell.script(base, "switch", DEADLINE, words));
            Await.until(what, SOON, reached);
            shell.destroyForcibly().waitFor();
            assertThat(lease.alive()).isTrue();
        }
    }

    @Test
    @Execution(CONCURRENT)
    void whereNobodyCanBePromotedTheFenceIsOpenedAgain() throws Exception {
        for (RedisNode replica : List.of(second, third)) {
            replica.say("CONFIG", "SET", "replica-priority", "0");
        }
        Await.until(
                "Sentinels that know it",
                SOON,
                () -> sentinels.stream()
                        .allMatch(sentinel ->
                                sentinel.say("SENTINEL", "REPLICAS", "orders").split("slave-priority 0", -1).length
                                        == 3));
        assertThat(switched(null))
                .startsWith("1 ")
                .contains("NOGOODSLAVE")
                .endsWith("; nothing was switched, and the master takes writes again");
        writes(master);
        assertThat(setting(master, "min-replicas-to-write")).isEqualTo("1");
    }

    @Test
    @Execution(CONCURRENT)
    void oneThatIsNeverToBePromotedIsNotPreferred() throws Exception {
        third.say("CONFIG", "SET", "replica-priority", "0");
        assertThat(switched(third)).startsWith("1 ").contains("never to be promoted");
        assertThat(setting(third, "replica-priority")).isEqualTo("0");
        writes(master);
    }

    @Test
    @Execution(CONCURRENT)
    void replicasThatDoNotGetLevelEndItWithinSeconds() throws Exception {
        second.freeze();
        try {
            // What it has not got; third has, so that one replica is enough.
            writes(master);
            long before = System.nanoTime();
            assertThat(switched(null))
                    .startsWith("1 ")
                    .contains("the replicas are not level within 3 s: 127.0.0.1:" + second.port())
                    .endsWith("; nothing was switched, and the master takes writes again");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(14));
        } finally {
            second.thaw();
        }
        asItWas();
        writes(master);
    }

    @Test
    @Execution(CONCURRENT)
    void aHungSentinelAmongThreeHindersNothing() throws Exception {
        SentinelNode hung = sentinels.getFirst();
        hung.freeze();
        try {
            assertThat(switched(third)).startsWith("0 master=127.0.0.1:" + third.port());
        } finally {
            hung.thaw();
        }
        asItWas();
        // It was given no order that it would carry out now.
        Await.until("its agreement", SOON, () -> hung.masterPort().orElse(0) == third.port());
        assertThat(sentinels.stream().map(RedisProcess::log)).anyMatch(log -> log.contains("+try-failover"));
        assertThat(hung.log()).doesNotContain("+try-failover");
    }

    @Test
    @Execution(CONCURRENT)
    void withoutAMajorityNothingIsDone() throws Exception {
        sentinels.subList(0, 2).forEach(RedisProcess::kill9);
        assertThat(switched(third)).startsWith("1 ").contains("no majority of the Sentinels names 127.0.0.1:");
        asItWas();
        writes(master);
    }

    @Test
    @Execution(CONCURRENT)
    void whereTheSentinelsNameAnotherByNowNothingIsDone() throws Exception {
        sentinels.getFirst().say("SENTINEL", "FAILOVER", "orders");
        Await.until("another master", SOON, () -> named() != master.port());
        RedisNode next = named() == second.port() ? second : third;
        assertThat(switched(third))
                .isEqualTo("1 the Sentinels name 127.0.0.1 " + next.port() + " by now; nothing was done");
        asItWas();
    }

    @Test
    @Execution(CONCURRENT)
    void aFenceThatWasLeftIsNotTakenForASetting() throws Exception {
        third.say("CONFIG", "SET", "min-replicas-to-write", "2147412345");
        assertThat(switched(null))
                .startsWith("1 ")
                .contains("127.0.0.1:" + third.port() + " refuses every write as a master");
        third.say("CONFIG", "SET", "min-replicas-to-write", "0");
        master.say("CONFIG", "SET", "min-replicas-to-write", "2147412345");
        assertThat(switched(null))
                .startsWith("1 ")
                .contains("127.0.0.1:" + master.port() + " refuses every write as a master");
        assertThat(setting(master, "min-replicas-to-write")).isEqualTo("2147412345");
    }

    @Test
    @Execution(CONCURRENT)
    void whereTheFenceWouldHoldNobodyNothingIsDone() throws Exception {
        master.say("CONFIG", "SET", "min-replicas-max-lag", "0");
        assertThat(switched(null)).startsWith("1 ").contains("min-replicas-max-lag of 127.0.0.1:");
        asItWas();
    }

    private void asItWas() {
        assertThat(setting(master, "min-replicas-to-write")).isEqualTo("1");
        for (RedisNode node : List.of(master, second, third)) {
            assertThat(setting(node, "replica-priority")).isEqualTo("100");
        }
    }

    private static void writes(RedisNode node) {
        assertThat(node.say("SET", "key", "x")).isEqualTo("OK");
    }

    private static boolean linked(RedisNode replica) {
        return "up".equals(replica.info("replication").get("master_link_status"));
    }

    /** The port that a majority names, or 0. */
    private int named() {
        List<Integer> ports = sentinels.stream()
                .map(sentinel -> sentinel.masterPort().orElse(0))
                .sorted()
                .toList();
        return ports.get(1);
    }

    private static String setting(RedisNode node, String name) {
        return node.say("CONFIG", "GET", name).replaceFirst("^\\S+ ", "");
    }

    /** The exit status, and what was said. */
    private String switched(@Nullable RedisNode preferred) throws Exception {
        return LeasedShell.said(base, "switch", DEADLINE, words(preferred, FAILOVER));
    }

    private List<String> words(@Nullable RedisNode preferred, int failover) {
        String port = "" + master.port();
        List<String> words = new ArrayList<>(List.of(address, port, master.host(), port, "orders"));
        words.add(preferred == null ? "any" : preferred.host());
        words.add(preferred == null ? "0" : "" + preferred.port());
        words.addAll(List.of("500", "" + failover, "2"));
        Stream.of(second, third).forEach(node -> words.add(node.host() + ":" + node.port()));
        words.add("3");
        sentinels.forEach(node -> words.add(node.host() + ":" + node.port()));
        return words;
    }
}
