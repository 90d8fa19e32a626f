package io.redfleet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisTrioTest {
    /** A Sentinel whose machine stood still for two seconds does nothing for thirty (sentinel.c, SENTINEL_TILT_PERIOD). */
    private static final Duration AFTER_A_TILT = Duration.ofSeconds(60);
    /** Longer than a busy machine makes a Redis wait: of a second failover, back to the old master, nothing follows. */
    private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

    @Test
    void sentinelsPromoteAReplicaAndTheOldMasterComesBackAsAReplica() {
        try (RedisTrio trio = RedisTrio.start("orders", DOWN_AFTER)) {
            RedisNode old = trio.nodes().getFirst();
            assertThat(trio.master()).contains(old);
            old.say("SET", "k", "v");
            old.say("WAIT", "2", "2000");

            old.kill9();
            RedisNode promoted = trio.awaitSwitchOver(old, AFTER_A_TILT);
            assertThat(promoted.say("GET", "k")).isEqualTo("v");

            old.restart();
            trio.awaitFollows(old, AFTER_A_TILT);
        }
    }

    @Test
    void aFrozenNodeKeepsItsConnectionsAndSaysNothing() throws IOException {
        try (RedisNode node = RedisNode.start();
                RedisCall call = RedisCall.open(node.host(), node.port(), Duration.ofMillis(200))) {
            assertThat(call.call("PING")).isEqualTo("PONG");
            node.freeze();
            assertThatThrownBy(() -> call.call("PING")).isInstanceOf(SocketTimeoutException.class);
            assertThat(node.alive()).isTrue();
            node.thaw();
            assertThat(call.receive()).isEqualTo("PONG");
        }
    }

    @Test
    void anErrorReplyIsARefusalInRedissOwnWords() {
        try (RedisNode node = RedisNode.start()) {
            assertThatThrownBy(() -> node.say("NOSUCHCOMMAND"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(RedisCall.Refused.class)
                    .rootCause()
                    .hasMessageContaining("unknown command");
        }
    }

    @Test
    void closingLeavesNeitherProcessNorDirectory() {
        RedisNode node = RedisNode.start();
        node.close();
        assertThat(node.alive()).isFalse();
        assertThat(Files.exists(node.directory())).isFalse();
    }
}
