package io.redfleet.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A master, two replicas and three Sentinels with quorum 2, ready for a failover: the replicas are in sync and every
 * Sentinel knows all the others.
 */
public final class RedisTrio implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(30);
    private static final Duration FAILOVER_TIMEOUT = Duration.ofSeconds(10);

    private final String masterName;
    private final List<RedisNode> nodes;
    private final List<SentinelNode> sentinels;

    private RedisTrio(String masterName, List<RedisNode> nodes, List<SentinelNode> sentinels) {
        this.masterName = masterName;
        this.nodes = nodes;
        this.sentinels = sentinels;
    }

    /** Takes about three seconds, since Sentinels greet each other every two. */
    public static RedisTrio start(String masterName, Duration downAfter) {
        RedisNode master = RedisNode.start();
        List<RedisNode> nodes = List.of(master, RedisNode.replicaOf(master), RedisNode.replicaOf(master));
        Await.until("two replicas in sync", READY_WITHIN, () -> inSync(nodes.get(1)) && inSync(nodes.get(2)));
        var watch = new SentinelNode.Watch(masterName, 2, downAfter, FAILOVER_TIMEOUT);
        List<SentinelNode> sentinels = Stream.generate(() -> SentinelNode.start(master, watch))
                .limit(3)
                .toList();
        var trio = new RedisTrio(masterName, nodes, sentinels);
        trio.awaitWhole();
        return trio;
    }

    public String masterName() {
        return masterName;
    }

    /** The bootstrap master first. */
    public List<RedisNode> nodes() {
        return nodes;
    }

    public List<SentinelNode> sentinels() {
        return sentinels;
    }

    /** The node that at least two Sentinels name now. */
    public Optional<RedisNode> master() {
        List<Optional<Integer>> named =
                sentinels.stream().map(SentinelNode::masterPort).toList();
        return nodes.stream()
                .filter(node -> named.stream()
                                .filter(port -> port.equals(Optional.of(node.port())))
                                .count()
                        >= 2)
                .findFirst();
    }

    /** Waits until two Sentinels name another master than {@code old}. */
    public RedisNode awaitOtherMaster(RedisNode old, Duration within) {
        return Await.value("another master than " + old.address(), within, () -> master().filter(node -> node != old));
    }

    /**
     * Waits until the failover away from {@code old} is over for every Sentinel: all name the same other master, and none
     * still leads. The leader names the new master early and publishes {@code +switch-master} only once its replicas
     * follow (sentinel.c, sentinelGetCurrentMasterAddress and sentinelFailoverDetectEnd), so whoever comes to listen
     * before this may yet hear it. Where the Sentinels switched twice, as they do when the machine stands still for longer
     * than their down-after, the answer is the master that they agreed on last.
     */
    public RedisNode awaitSwitchOver(RedisNode old, Duration within) {
        return explained(() ->
                Await.value("one master for all Sentinels, not " + old.address(), within, () -> settledOnOther(old)));
    }

    /** Waits until a node that died as the master and came back has been told to follow the new one. */
    public void awaitFollows(RedisNode old, Duration within) {
        // Sentinel closes every connection to a node whose role it changes: an answer may be cut off.
        explained(() -> Await.value(
                "the old master " + old.address() + " follows",
                within,
                () -> old.ask("ROLE").filter(role -> role.startsWith("slave"))));
    }

    private <T> T explained(Supplier<T> waiting) {
        try {
            return waiting.get();
        } catch (AssertionError late) {
            List<String> views = sentinels.stream().map(SentinelNode::view).toList();
            throw new AssertionError(late.getMessage() + "; the Sentinels say: " + String.join(" | ", views), late);
        }
    }

    private Optional<RedisNode> settledOnOther(RedisNode old) {
        return nodes.stream()
                .filter(node -> node != old && sentinels.stream().allMatch(sentinel -> sentinel.settledOn(node.port())))
                .findFirst();
    }

    /** Waits until every Sentinel knows two replicas and two other Sentinels and can reach its quorum. */
    public void awaitWhole() {
        Await.until(
                "three Sentinels that know each other",
                READY_WITHIN,
                () -> sentinels.stream().allMatch(sentinel -> sentinel.knows(2, 2)));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        nodes.forEach(RedisProcess::close);
    }

    private static boolean inSync(RedisNode replica) {
        return replica.ask("INFO", "replication")
                .filter(info -> info.contains("master_link_status:up"))
                .isPresent();
    }
}
