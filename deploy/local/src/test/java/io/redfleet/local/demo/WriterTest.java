package io.redfleet.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.RedisTrio;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.HostAndPort;

class WriterTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void theOutageIsFromTheLastToTheFirstAcknowledgementAroundAFailover() throws Exception {
        try (RedisTrio trio = RedisTrio.start("orders", Duration.ofSeconds(1));
                Writer writer = writer(trio)) {
            trio.awaitWhole();
            writer.start();
            Await.until("first writes", SOON, () -> writer.acknowledgedSoFar() > 100);
            RedisNode old = trio.master().orElseThrow();
            writer.mark();
            long killed = System.nanoTime();
            old.kill9();
            Await.until(
                    "writes again",
                    SOON,
                    () -> writer.flowsAgain(Duration.ofMillis(100))
                            && writer.outage().toMillis() > 500);
            Duration sinceKill = Duration.ofNanos(System.nanoTime() - killed);
            // No failover before the master has been silent for down-after, and no outage longer than we have waited.
            assertThat(writer.outage()).isBetween(Duration.ofMillis(900), sinceKill.plusMillis(50));
            Writer.Losses losses = writer.readBack();
            assertThat(losses.acknowledged()).isGreaterThan(100).isLessThanOrEqualTo(losses.attempted());
            assertThat(losses.lost()).isLessThan(losses.acknowledged());
        }
    }

    @Test
    void everyAcknowledgedWriteThatIsGoneIsCounted() throws Exception {
        try (RedisTrio trio = RedisTrio.start("orders", Duration.ofSeconds(30));
                Writer writer = writer(trio)) {
            trio.awaitWhole();
            writer.start();
            Await.until("first writes", SOON, () -> writer.acknowledgedSoFar() > 700);
            RedisNode master = trio.master().orElseThrow();
            master.say("DEL", "demo:t:3", "demo:t:555");
            master.say("SET", "demo:t:10", "something else");
            assertThat(writer.readBack().lost()).isEqualTo(3);
        }
    }

    private static Writer writer(RedisTrio trio) {
        List<HostAndPort> sentinels = trio.sentinels().stream()
                .map(sentinel -> new HostAndPort(sentinel.host(), sentinel.port()))
                .toList();
        return new Writer(new Writer.Way(sentinels, trio.masterName(), "", Secret.of("")), "t");
    }
}
