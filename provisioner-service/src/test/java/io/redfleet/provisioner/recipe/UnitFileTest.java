package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.plan.Plans;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitFileTest {
    private static final String BASE = "/var/lib/redfleet";
    private static final String MARK = "u1 orders/r1/redis-server";
    private static final Duration STOP = Duration.ofMinutes(5);

    @Test
    void aUnitIsNamedByClusterAndInstance() {
        assertThat(UnitFile.path(place("systemd", "redis-server")))
                .isEqualTo("/etc/systemd/system/redfleet-orders-redis-server.service");
    }

    /** Whatever the clusters that share it are called, and call its host. */
    @Test
    void aSentinelOfAGroupHasOneUnitForAllOfItsClusters() {
        UnitFile one = UnitFile.of(grouped("orders", "r1"), BASE, "group ring/redis-sentinel", STOP);
        UnitFile other = UnitFile.of(grouped("billing", "b1"), BASE, "group ring/redis-sentinel", STOP);
        assertThat(one).isEqualTo(other);
        assertThat(one.path()).isEqualTo("/etc/systemd/system/redfleet-group.ring-redis-sentinel.service");
        assertThat(one.text().lines())
                .contains(
                        "# redfleet-owner group ring/redis-sentinel",
                        "Description=Redfleet group.ring/redis-sentinel",
                        "ReadWritePaths=/var/lib/redfleet/group.ring/redis-sentinel");
    }

    private static Place grouped(String cluster, String host) {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", host, "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        Map<String, Object> spec = Map.of("hosts", hosts, "service", "systemd", "sentinel", Map.of("group", "ring"));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", cluster), "spec", spec));
        return Place.of(((SpecReader.Good) reading).spec(), new InstanceId(host + "/redis-sentinel"), Login.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis-server   | # redfleet-owner u1 orders/r1/redis-server
            redis-server   | Description=Redfleet orders/r1/redis-server
            redis-server   | ExecStart="/var/lib/redfleet/bin/redis-server" "/var/lib/redfleet/orders/redis-server/redis.conf"
            redis-server   | ExecStartPre="/bin/sh" "/etc/systemd/system/redfleet-orders-redis-server.guard"
            redis-server   | Type=notify
            redis-server   | User=redis
            redis-server   | Restart=no
            redis-server   | SendSIGKILL=no
            redis-server   | KillMode=mixed
            redis-server   | TimeoutStartSec=infinity
            redis-server   | TimeoutStopSec=300
            redis-server   | LimitNOFILE=65535
            redis-server   | ReadWritePaths=/var/lib/redfleet/orders/redis-server
            redis-server   | ConditionPathExists=!/var/lib/redfleet/orders/redis-server/stopped
            redis-server   | ProtectSystem=strict
            redis-server   | NoNewPrivileges=yes
            redis-server   | CapabilityBoundingSet=
            redis-server   | UMask=0077
            redis-sentinel | ExecStart="/var/lib/redfleet/bin/redis-sentinel" "/var/lib/redfleet/orders/redis-sentinel/sentinel.conf"
            redis-sentinel | Restart=always
            redis-sentinel | RestartSec=2
            redis-sentinel | ConditionPathExists=!/var/lib/redfleet/orders/redis-sentinel/stopped
            """)
    void aLineOfIt(String instance, String line) {
        String mark = "u1 orders/r1/" + instance;
        assertThat(UnitFile.of(place("systemd", instance), BASE, mark, STOP)
                        .text()
                        .lines())
                .contains(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-server", "redis-sentinel"})
    void itsEndIsWaitedForAsLongAsIsSaid(String instance) {
        assertThat(UnitFile.of(place("systemd", instance), BASE, MARK, Duration.ofMinutes(40))
                        .text()
                        .lines())
                .contains("TimeoutStopSec=2400")
                .doesNotContain("TimeoutStopSec=300", "TimeoutStopSec=60");
    }

    @Test
    void whereVersionsLieBesideEachOtherAnInstanceRunsByLinksOfItsOwn() {
        Map<String, Object> redis = Map.of(
                "install",
                "archive",
                "version",
                "8.0.2",
                "archive",
                Map.of("file", "redis.tar.gz", "sha256", "0123456789abcdef".repeat(4)));
        Map<String, Object> spec = Map.of(
                "hosts",
                List.of(Map.of("name", "r1", "address", "10.0.0.11")),
                "service",
                "systemd",
                "sentinel",
                Map.of("allowWeakQuorum", true),
                "redis",
                redis);
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        Place place = Place.of(((SpecReader.Good) reading).spec(), new InstanceId("r1/redis-server"), Login.NONE);
        assertThat(UnitFile.of(place, BASE, MARK, STOP).text().lines())
                .contains("ExecStart=\"/var/lib/redfleet/orders/redis-server/bin/redis-server\""
                        + " \"/var/lib/redfleet/orders/redis-server/redis.conf\"");
        assertThat(place("systemd", "redis-server").bin(BASE)).isEqualTo(BASE + "/bin");
    }

    @Test
    void whatAnyUnitIsKeptToIsWordForWordWhatStandsOnHosts() {
        assertThat(UnitFile.of(place("systemd", "redis-server"), BASE, MARK, STOP)
                        .text())
                .endsWith("\nOOMScoreAdjust=-900\n" + kept(BASE + "/orders/redis-server", "PrivateDevices=yes"));
        assertThat(MonitUnit.of(Plans.cluster("u1", 1, 0), BASE, "/usr/bin/monit")
                        .text())
                .endsWith("\nTimeoutStopSec=20\n" + kept(BASE + "/orders/.monit", "DevicePolicy=closed"));
    }

    private static String kept(String writes, String devices) {
        return "UMask=0077\nReadWritePaths=" + writes
                + "\nProtectSystem=strict\nProtectHome=yes\nPrivateTmp=yes\n" + devices + "\n" + """
                ProtectClock=yes
                ProtectControlGroups=yes
                ProtectHostname=yes
                ProtectKernelLogs=yes
                ProtectKernelModules=yes
                ProtectKernelTunables=yes
                NoNewPrivileges=yes
                CapabilityBoundingSet=
                LockPersonality=yes
                MemoryDenyWriteExecute=yes
                RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
                RestrictNamespaces=yes
                RestrictRealtime=yes
                RestrictSUIDSGID=yes
                SystemCallArchitectures=native
                SystemCallFilter=@system-service
                SystemCallErrorNumber=EPERM

                [Install]
                WantedBy=multi-user.target
                """;
    }

    @Test
    void nobodyButTheGateStartsADataNodeAgainAndNothingIsLeftToTheFormat() {
        String text =
                UnitFile.of(place("systemd", "redis-server"), BASE, MARK, STOP).text();
        assertThat(text).doesNotContain("Restart=always", "RestartSec", "%").endsWith("WantedBy=multi-user.target\n");
        assertThat(UnitFile.of(place("systemd", "redis-sentinel"), BASE, MARK, STOP)
                        .text())
                .doesNotContain("ExecStartPre");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            redis-server   | yes | ''       | true
            redis-server   | no  | 3600 1   | true
            redis-server   | no  | ''       | false
            redis-sentinel | no  | ''       | true
            """)
    void aNodeThatKeepsNothingIsNotStartedAtBoot(String instance, String appendOnly, String save, boolean atBoot) {
        ClusterSpec spec = spec("systemd", Map.of("appendonly", appendOnly, "save", save));
        Place place = Place.of(spec, new InstanceId("r1/" + instance), Login.NONE);
        assertThat(UnitFile.atBoot(spec, place)).isEqualTo(atBoot);
    }

    @Test
    void aGuardKnowsItsInstanceAndTheSentinelsAndNoPassword() {
        ClusterSpec spec = spec("systemd");
        GuardFile open = GuardFile.of(spec, place("systemd", "redis-server"), BASE, MARK, Accounts.NONE);
        assertThat(open.path()).isEqualTo("/etc/systemd/system/redfleet-orders-redis-server.guard");
        assertThat(open.password()).isEmpty();
        assertThat(open.carried()).isEqualTo("\n" + open.text());
        assertThat(open.text().lines())
                .contains(
                        "# redfleet-owner " + MARK,
                        "dir='/var/lib/redfleet/orders/redis-server'",
                        "self='10.0.0.11 6379'",
                        "name='orders'",
                        "user=''",
                        "secret='/etc/systemd/system/redfleet-orders-redis-server.guard.auth'",
                        "ca=''",
                        "sentinels='10.0.0.11:26379 10.0.0.12:26379 10.0.0.13:26379'");
        assertThat(open.hash()).hasSize(64);
    }

    @Test
    void aGuardOfSentinelsThatSpeakTlsBelievesTheirCaAlone() {
        assertThat(GuardFile.text(MARK, knows("/etc/tls/ca.crt")).lines()).contains("ca='/etc/tls/ca.crt'");
        assertThatThrownBy(() -> GuardFile.text(MARK, knows("/etc/tls/c'a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    private static GuardFile.Knows knows(String ca) {
        Endpoint endpoint = new Endpoint("10.0.0.11", 6379);
        return new GuardFile.Knows("/srv/a", endpoint, endpoint, "orders", "", "/srv/b", ca, List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a'b", "a b", "a\nb", "$(id)", "", "-h", "\u00e9"})
    void noNameBreaksOutOfAGuard(String name) {
        Endpoint endpoint = new Endpoint("10.0.0.11", 6379);
        GuardFile.Knows knows = new GuardFile.Knows("/srv/a", endpoint, endpoint, name, "", "/srv/b", List.of());
        assertThatThrownBy(() -> GuardFile.text(MARK, knows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    /** A spec's own rules let none of these through; this is the second lock. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/a\nExecStartPre=/bin/sh",
                "/srv/a\rUser=root",
                "/srv/%h",
                "/srv/$HOME",
                "/srv/a b",
                "/srv/a\"b",
                "/srv/a'b",
                "/srv/a\\b",
                "/srv/a;b",
                "/srv/\u00e9",
                "/srv/a\tb",
                "/srv/..",
                "/srv/./a",
                "srv",
                "",
                "/",
                "/srv/"
            })
    void noDirectoryBreaksOutOfIt(String base) {
        assertThatThrownBy(() -> UnitFile.of(place("systemd", "redis-server"), base, MARK, STOP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "u1 orders/r1/redis-server\n[Service]\nUser=root",
                "u1\rorders",
                "u1 %i",
                "u1 \\",
                "u1 \"",
                "",
                " u1"
            })
    void noMarkBreaksOutOfIt(String mark) {
        assertThatThrownBy(() -> UnitFile.of(place("systemd", "redis-server"), BASE, mark, STOP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    @Test
    void theFilesOfRedisAndSentinelSayWhoRunsThem() {
        assertThat(redisConf("systemd"))
                .contains("\ndaemonize no\n", "\nsupervised systemd\n", "\noom-score-adj relative\n");
        assertThat(redisConf("process"))
                .contains("\ndaemonize yes\n", "\nsupervised no\n")
                .doesNotContain("oom-score-adj");
        assertThat(sentinelConf("systemd")).contains("\ndaemonize no\n", "\nsupervised systemd\n");
        assertThat(sentinelConf("process")).contains("\ndaemonize yes\n").doesNotContain("supervised");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            LOGIN | ''
            REDIS | sudo -n -u redis --
            ROOT  | sudo -n --
            """)
    void whatStandsBeforeACommand(RunAs by, String words) {
        assertThat(String.join(" ", by.before())).isEqualTo(words);
    }

    private static String redisConf(String service) {
        Place place = place(service, "redis-server");
        return RedisConf.render(spec(service), place, place.directory(BASE), Optional.empty(), Accounts.NONE);
    }

    private static String sentinelConf(String service) {
        Place place = place(service, "redis-sentinel");
        SentinelConf.Reader reader = new SentinelConf.Reader("7.0.15", Accounts.NONE);
        return SentinelConf.render(
                spec(service), place, place.directory(BASE), new Endpoint("10.0.0.11", 6379), reader);
    }

    private static Place place(String service, String instance) {
        return Place.of(spec(service), new InstanceId("r1/" + instance), Login.NONE);
    }

    private static ClusterSpec spec(String service) {
        return spec(service, Map.of());
    }

    private static ClusterSpec spec(String service, Map<String, String> config) {
        List<Map<String, String>> hosts = List.of(
                Map.of("name", "r1", "address", "10.0.0.11"),
                Map.of("name", "r2", "address", "10.0.0.12"),
                Map.of("name", "r3", "address", "10.0.0.13"));
        Map<String, Object> spec =
                new HashMap<>(Map.of("hosts", hosts, "service", service, "redis", Map.of("config", config)));
        SpecReader.Reading reading = SpecReader.read(Map.of("metadata", Map.of("name", "orders"), "spec", spec));
        return ((SpecReader.Good) reading).spec();
    }
}
