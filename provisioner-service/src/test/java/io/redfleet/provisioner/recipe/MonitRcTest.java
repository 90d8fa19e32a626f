package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.testkit.RealMonit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MonitRcTest {
    private static final ClusterName ORDERS = new ClusterName("orders");
    private static final Agents.Pass PASS = new Agents.Pass(secret(1), secret(2));

    @TempDir
    Path directory = Path.of("");

    @Test
    void itReportsOfTheHostAndOfEachInstanceByItsOwnPidfileAndActsOnNothing() {
        String text = render("r1", "/home/ops/redfleet", "/", "redis-server", "redis-sentinel")
                .text();
        assertThat(text.replaceAll("(?m)^#.*\n", ""))
                .isEqualTo("""
                set daemon 20
                set pidfile "/home/ops/redfleet/orders/.monit/pid"
                set idfile "/home/ops/redfleet/orders/.monit/id"
                set statefile "/home/ops/redfleet/orders/.monit/state"
                set log "/home/ops/redfleet/orders/.monit/log"
                set httpd unixsocket "/home/ops/redfleet/orders/.monit/socket" permission 0600
                  allow "redfleet":"CONSOLE"
                set mmonit https://r1:REPORT@gateway.example.com:8474/collector with timeout 5 seconds
                  register without credentials
                check system "machine"
                  mode passive
                  if memory usage > 90% for 3 cycles then alert
                  if loadavg (5min) per core > 2 for 3 cycles then alert
                check filesystem "disk" with path "/"
                  mode passive
                  if space usage > 90% then alert
                check process "redis-server" with pidfile "/home/ops/redfleet/orders/redis-server/redis.pid"
                  mode passive
                check process "redis-sentinel" with pidfile "/home/ops/redfleet/orders/redis-sentinel/redis.pid"
                  mode passive
                """.replace("CONSOLE", PASS.console().reveal())
                        .replace("REPORT", PASS.report().reveal()));
    }

    @Test
    void aUnitsLogIsSystemdsToKeep() {
        AgentSurvey agent = new AgentSurvey("/usr/bin/monit", "/", "", "", "", 0);
        String file = rendered("r1", "/base", agent, false).text();
        String unit = rendered("r1", "/base", agent, true).text();
        assertThat(unit)
                .isEqualTo(file.replace("set log \"/base/orders/.monit/log\"\n", ""))
                .isNotEqualTo(file);
    }

    /** What the host names of itself, whether Monit is told to look at a filesystem. */
    @ParameterizedTest
    @CsvSource({"/,true", "/srv/data,true", "'',false", "'/a\"b',false", "'/a\\b',false"})
    void aFilesystemIsWatchedWhereMonitKnowsItByThatName(String mount, boolean watched) {
        assertThat(render("r1", "/base", mount, "redis-server").text().contains("check filesystem"))
                .isEqualTo(watched);
    }

    @Test
    void noNameIsGivenTwice() {
        String text =
                render("r1", "/base", "/", "machine", "disk", "disk-of-host").text();
        assertThat(text.lines().filter(line -> line.startsWith("check ")).map(line -> line.split(" ", -1)[2]))
                .containsExactly(
                        "\"machine-of-host\"",
                        "\"disk-of-host-of-host\"",
                        "\"machine\"",
                        "\"disk\"",
                        "\"disk-of-host\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\"b", "/a'b", "/a\\b", "/a\nset daemon 1", "/a{b}", "/a$b", "/a\tb", ""})
    void aDirectoryThatCouldBreakOutOfItsQuotesIsUnfitAndIsNotWritten(String base) {
        assertThat(MonitRc.unfit(base, ORDERS))
                .hasValueSatisfying(reason -> assertThat(reason).contains("only letters"));
        if (!base.isEmpty()) {
            assertThatThrownBy(() -> render("r1", base, "/", "redis-server"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aSocketWhosePathLinuxHasNoRoomForIsUnfit() {
        String longest = "/" + "x".repeat(107 - "/".length() - "/orders/.monit/socket".length());
        assertThat(MonitRc.unfit(longest, ORDERS)).isEmpty();
        assertThat(MonitRc.unfit(longest + "x", ORDERS))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("longer than 107").contains("shorter"));
    }

    @Test
    void itPrintsNoSecret() {
        MonitRc rendered = render("r1", "/base", "/", "redis-server");
        assertThat(rendered.toString())
                .doesNotContain(PASS.report().reveal(), PASS.console().reveal());
        assertThat(rendered.hash()).isEqualTo(Secret.of(rendered.text()).hash());
    }

    /** The names that specs may have, as bare words beside Monit's own. */
    @Tag("peer")
    @ParameterizedTest
    @ValueSource(strings = {"r1", "1.2", "on", "b", "redis", "10-a", "a_b.C", "use", "register"})
    void monitTakesIt(String host) throws IOException {
        Optional<RealMonit> monit = RealMonit.in(directory);
        assumeTrue(monit.isPresent(), RealMonit.MISSING);
        Path base = Files.createDirectories(directory.resolve("a base@+,"));
        Files.createDirectories(base.resolve("orders/.monit"));
        MonitRc rendered = render(host, base.toString(), "/", "redis-server", "redis-sentinel", "b", "process");
        RealMonit.Syntax syntax = monit.get().syntax(rendered.text());
        assertThat(syntax.output()).contains("Control file syntax OK");
        assertThat(syntax.ok()).isTrue();
    }

    private static MonitRc render(String host, String base, String mount, String... instances) {
        return rendered(host, base, new AgentSurvey("/usr/bin/monit", mount, "", "", "", 0), false, instances);
    }

    private static MonitRc rendered(String host, String base, AgentSurvey agent, boolean journal, String... instances) {
        List<InstanceSpec> all = Arrays.stream(instances)
                .map(name -> new InstanceSpec(name, InstanceRole.REDIS, 6379, 100, new Endpoint("10.0.0.11", 6379)))
                .toList();
        SshSpec ssh = new SshSpec("ops", 22, "default", null);
        HostSpec spec = new HostSpec(new HostName(host), "10.0.0.11", "", ssh, "redfleet", all);
        HostSurvey seen = new HostSurvey(base, "b", "", "/bin/r", "7.0.15", List.of(), 1L << 40, 0, Map.of(), agent);
        MonitRc.Report report = new MonitRc.Report("https://gateway.example.com:8474", PASS);
        return MonitRc.render(ORDERS, spec, seen, report, journal);
    }

    private static Secret secret(int number) {
        byte[] bytes = new byte[Secret.BYTES];
        Arrays.fill(bytes, (byte) (number * 61));
        return Secret.token(bytes);
    }
}
