package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitScriptTest {
    private static final String BASE = "/var/lib/redfleet";
    private static final String MARK = "u1 orders/r1/redis-server";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            redis-server   | #!/bin/sh
            redis-server   | # redfleet-owner u1 orders/r1/redis-server
            redis-server   | # Provides:          redfleet-orders-redis-server
            redis-server   | # Default-Start:     2 3 4 5
            redis-server   | # Default-Stop:      0 1 6
            redis-server   | # Short-Description: Redfleet orders/r1/redis-server
            redis-server   | # chkconfig: 2345 85 15
            redis-server   | name='redfleet-orders-redis-server'
            redis-server   | dir='/var/lib/redfleet/orders/redis-server'
            redis-server   | program='/var/lib/redfleet/bin/redis-server'
            redis-server   | conf='/var/lib/redfleet/orders/redis-server/redis.conf'
            redis-server   | guard='/etc/redfleet/guards/redfleet-orders-redis-server.guard'
            redis-server   | lock='/var/run/redfleet-orders-redis-server.lock'
            redis-server   | subsys='/var/lock/subsys'
            redis-server   | patience=300
            redis-sentinel | program='/var/lib/redfleet/bin/redis-sentinel'
            redis-sentinel | conf='/var/lib/redfleet/orders/redis-sentinel/sentinel.conf'
            redis-sentinel | guard=''
            redis-sentinel | patience=60
            """)
    void aLineOfIt(String instance, String line) {
        Duration stop = StopDeadline.written(spec(), place(instance));
        UnitFile file = UnitFile.of(place(instance), BASE, "u1 orders/r1/" + instance, stop);
        assertThat(file.path()).isEqualTo("/etc/init.d/redfleet-orders-" + instance);
        assertThat(file.text().lines()).contains(line);
    }

    @Test
    void theHeaderIsWhole() {
        String text = UnitFile.of(place("redis-server"), BASE, MARK, Duration.ofMinutes(5))
                .text();
        assertThat(text).startsWith("#!/bin/sh\n");
        assertThat(text.substring(text.indexOf("### BEGIN INIT INFO"), text.indexOf("### END INIT INFO"))
                        .lines()
                        .map(line -> line.replaceFirst("^# ([A-Za-z-]+):.*", "$1")))
                .containsExactly(
                        "### BEGIN INIT INFO",
                        "Provides",
                        "Required-Start",
                        "Required-Stop",
                        "Should-Start",
                        "Default-Start",
                        "Default-Stop",
                        "Short-Description");
    }

    @Test
    void itsGuardLiesWhereInitDoesNotLook() {
        ClusterSpec spec = spec();
        GuardFile guard = GuardFile.of(spec, place("redis-server"), BASE, MARK, Accounts.NONE);
        assertThat(guard.path()).isEqualTo("/etc/redfleet/guards/redfleet-orders-redis-server.guard");
        assertThat(guard.text().lines())
                .contains("secret='/etc/redfleet/guards/redfleet-orders-redis-server.guard.auth'");
    }

    @Test
    void theFilesOfRedisAndSentinelSayThatNobodyWaitsForThem() {
        Place redis = place("redis-server");
        assertThat(RedisConf.render(spec(), redis, redis.directory(BASE), Optional.empty(), Accounts.NONE))
                .contains("\ndaemonize yes\n", "\nsupervised no\n", "\noom-score-adj relative\n");
        Place sentinel = place("redis-sentinel");
        SentinelConf.Reader reader = new SentinelConf.Reader("7.0.15", Accounts.NONE);
        assertThat(SentinelConf.render(
                        spec(), sentinel, sentinel.directory(BASE), new Endpoint("10.0.0.11", 6379), reader))
                .contains("\ndaemonize yes\n")
                .doesNotContain("supervised");
    }

    /** A spec's own rules let none of these through; this is the second lock. */
    @ParameterizedTest
    @ValueSource(strings = {"/srv/a'b", "/srv/a b", "/srv/a\nb", "/srv/$(id)", "/srv/..", "srv", "", "/"})
    void noDirectoryBreaksOutOfIt(String directory) {
        assertThatThrownBy(() -> InitScript.text(MARK, knows("redfleet-a-b", directory)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'b", "a b", "a\nb", "../a", "", "-f", "a/b"})
    void noNameBreaksOutOfIt(String name) {
        assertThatThrownBy(() -> InitScript.text(MARK, knows(name, "/srv/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    private static InitScript.Knows knows(String name, String directory) {
        return new InitScript.Knows(name, "orders/r1/a", directory, "/b", "/c", "", "/d", "/e", Duration.ofMinutes(1));
    }

    private static Place place(String instance) {
        return Place.of(spec(), new InstanceId("r1/" + instance), Login.NONE);
    }

    private static ClusterSpec spec() {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        SpecReader.Reading reading = SpecReader.read(
                Map.of("metadata", Map.of("name", "orders"), "spec", Map.of("hosts", hosts, "service", "sysv")));
        return ((SpecReader.Good) reading).spec();
    }
}
