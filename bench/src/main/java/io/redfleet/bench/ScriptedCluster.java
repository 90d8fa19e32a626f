package io.redfleet.bench;

import io.redfleet.contracts.cluster.ClusterState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Scripted Redis and three scripted Sentinels that tell one consistent story. Thread-safe. */
final class ScriptedCluster implements AutoCloseable {
    private static final int SENTINELS = 3;

    private final String name;
    private final Duration probe;
    private final List<ScriptedNode> data = new ArrayList<>();
    private final List<ScriptedNode> sentinels = new ArrayList<>();
    private volatile ScriptedTale tale; // replaced under this; nobody asks before the first one stands

    /** Three and three, probed each second. */
    ScriptedCluster(String name) {
        this(name, 3, Duration.ofSeconds(1));
    }

    /**
     * @param nodes how many Redis there are, three or more
     * @param probe the time between two PINGs of an instance
     */
    ScriptedCluster(String name, int nodes, Duration probe) {
        this.name = name;
        this.probe = probe;
        for (int i = 0; i < nodes; i++) {
            int index = i;
            data.add(ScriptedNode.listening(command -> tale().data(index, command)));
        }
        for (int i = 0; i < SENTINELS; i++) {
            int index = i;
            sentinels.add(ScriptedNode.listening(command -> tale().sentinel(index, command)));
        }
        this.tale = ScriptedTale.begun(name, ports(data));
    }

    String name() {
        return name;
    }

    ScriptedTale tale() {
        return tale;
    }

    ScriptedNode data(int index) {
        return data.get(index);
    }

    Stream<ScriptedNode> nodes() {
        return Stream.concat(data.stream(), sentinels.stream());
    }

    synchronized void restarted(int index) {
        tale = tale.restarted(index);
    }

    boolean watched() {
        return sentinels.stream().allMatch(ScriptedNode::hasSubscriber);
    }

    /**
     * Plays a failover to the next node: roles change, and the Sentinels publish the lines of a real one in their order,
     * two followers before the leader.
     *
     * @return {@link System#nanoTime()} just before the first +switch-master line
     */
    long failOver() {
        String old;
        ScriptedTale next;
        synchronized (this) {
            old = tale.masterAddress();
            next = tale.failedOver();
            tale = next;
        }
        String line = name + " " + old + " " + next.masterAddress();
        sentinels.forEach(sentinel -> publish(sentinel, "+new-epoch", String.valueOf(next.epoch())));
        ScriptedNode leader = sentinels.getFirst();
        publish(leader, "+try-failover", "master " + name + " " + old);
        publish(leader, "+elected-leader", "master " + name + " " + old);
        long first = sentinels.get(1).publish("+switch-master", line);
        publish(sentinels.get(2), "+switch-master", line);
        publish(leader, "+failover-end", "master " + name + " " + old);
        publish(leader, "+switch-master", line);
        return first;
    }

    private static void publish(ScriptedNode sentinel, String channel, String payload) {
        var unused = sentinel.publish(channel, payload);
    }

    /** The record that makes a monitor watch it. */
    ClusterState state() {
        return LoopbackSpec.state(name, ports(data), ports(sentinels), probe);
    }

    private static List<Integer> ports(List<ScriptedNode> nodes) {
        return nodes.stream().map(ScriptedNode::port).toList();
    }

    @Override
    public void close() {
        nodes().forEach(ScriptedNode::close);
    }
}
