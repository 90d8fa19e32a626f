package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.survey.Script;
import io.redfleet.testkit.RedisNode;
import io.redfleet.testkit.SentinelNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that gives a Sentinel its master back, against a real Sentinel. */
@Timeout(60)
class WatchScriptTest {
    private static final SentinelNode.Watch WATCH =
            new SentinelNode.Watch("orders", 1, Duration.ofSeconds(5), Duration.ofSeconds(10));

    private static final String LOGINS = "login auth-user sentinel\nlogin auth-pass pw-sentinel\n";

    private static final List<String> SETTINGS = List.of(
            "master-reboot-down-after-period", "14000",
            "down-after-milliseconds", "7000",
            "failover-timeout", "20000",
            "parallel-syncs", "2");

    @TempDir
    Path base;

    @Test
    void whatWasForgottenIsWatchedWithAllOfItsSettings() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            sentinel.say("SENTINEL", "REMOVE", "orders");
            assertThat(said(sentinel, master.port(), SETTINGS, LOGINS)).isEqualTo("0 changed");
            allIsSet(sentinel, master);
            assertThat(said(sentinel, master.port(), SETTINGS, LOGINS))
                    .as("again")
                    .isEqualTo("0 changed");
            allIsSet(sentinel, master);
        }
    }

    /** As an owner leaves it that dies before the last word. */
    @Test
    void cutInTheMiddleItBeginsNoFailoverAndIsMendedByAnother() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            sentinel.say("SENTINEL", "REMOVE", "orders");
            List<String> refused = List.of("down-after-milliseconds", "7000", "failover-timeout", "never");
            assertThat(said(sentinel, master.port(), refused, LOGINS))
                    .startsWith("1 SENTINEL SET orders failover-timeout answered: ")
                    .contains("never");
            assertThat(Files.readString(sentinel.configFile()))
                    .contains("sentinel monitor orders 127.0.0.1 " + master.port() + " 9999")
                    .contains("sentinel auth-pass orders pw-sentinel");
            assertThat(said(sentinel, master.port(), SETTINGS, LOGINS)).isEqualTo("0 changed");
            allIsSet(sentinel, master);
        }
    }

    @Test
    void whoWatchesAnotherByNowIsLeft() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            int another = master.port() == 7777 ? 7778 : 7777;
            assertThat(said(sentinel, another, SETTINGS, LOGINS))
                    .isEqualTo("1 it watches orders at 127.0.0.1 " + master.port() + " by now, and not at 127.0.0.1 "
                            + another + ": apply again");
            assertThat(sentinel.masterPort()).contains(master.port());
            assertThat(Files.readString(sentinel.configFile())).doesNotContain("auth-pass");
        }
    }

    @Test
    void withoutAccessControlNothingIsEntered() throws Exception {
        try (RedisNode master = RedisNode.start();
                SentinelNode sentinel = SentinelNode.start(master, WATCH)) {
            sentinel.say("SENTINEL", "REMOVE", "orders");
            assertThat(said(sentinel, master.port(), SETTINGS, "")).isEqualTo("0 changed");
            assertThat(Files.readString(sentinel.configFile()))
                    .contains("sentinel monitor orders 127.0.0.1 " + master.port() + " 1")
                    .doesNotContain("auth-");
        }
    }

    private static void allIsSet(SentinelNode sentinel, RedisNode master) throws Exception {
        assertThat(Files.readString(sentinel.configFile()).lines())
                .contains(
                        "sentinel monitor orders 127.0.0.1 " + master.port() + " 1",
                        "sentinel master-reboot-down-after-period orders 14000",
                        "sentinel down-after-milliseconds orders 7000",
                        "sentinel failover-timeout orders 20000",
                        "sentinel parallel-syncs orders 2",
                        "sentinel auth-user orders sentinel",
                        "sentinel auth-pass orders pw-sentinel");
    }

    private String said(SentinelNode sentinel, int port, List<String> settings, String content) throws Exception {
        List<String> words = new ArrayList<>(
                List.of(sentinel.host(), "" + sentinel.port(), "orders", "127.0.0.1", "" + port, "1", "9999"));
        words.addAll(settings);
        Script script =
                LeasedShell.script(base, "watch", Duration.ofSeconds(30), words).carrying(content);
        return LeasedShell.said(base, script);
    }
}
