package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a running instance only a restart changes. */
class RestartNeedsTest {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");

    private final Map<String, String> info = new HashMap<>(Map.of("redis_version", "7.0.15"));
    private final Map<String, String> config = new HashMap<>();
    private String ping = "PONG";
    private boolean outdated;
    private long unitAge = -1;
    private String unitHash = "";
    private String started = "";
    private String service = "process";
    private TlsSurvey tls = TlsSurvey.NONE;

    @Test
    void nothingOfOneThatRunsAsItIsWanted() {
        assertThat(needs()).isEmpty();
    }

    @Test
    void theBinaryOnce() {
        outdated = true;
        assertThat(needs())
                .singleElement()
                .satisfies(need -> assertThat(need.diff())
                        .containsExactly("- runs a binary that was replaced", "+ runs /usr/bin/redis-server"));
        info.put("redis_version", "7.0.14");
        assertThat(needs())
                .singleElement()
                .satisfies(
                        need -> assertThat(need.diff()).containsExactly("- runs Redis 7.0.14", "+ runs Redis 7.0.15"));
    }

    @Test
    void ofOneThatDoesNotAnswerNothingIsKnown() {
        outdated = true;
        ping = "LOADING Redis is loading the dataset in memory";
        assertThat(needs()).isEmpty();
    }

    @Test
    void eachDirectiveThatIsReadAtTheStartOnly() {
        config.putAll(Map.of("databases", "16", "tcp-backlog", "511", "maxmemory", "0"));
        assertThat(needs())
                .extracting(RestartNeeds.Need::diff)
                .containsExactly(
                        List.of("- databases 16", "+ databases 32"), List.of("- tcp-backlog 511", "+ tcp-backlog 600"));
        assertThat(needs().getFirst().refused().reason())
                .isEqualTo("Redis reads databases at its start only; needs --rolling (restart of r1/redis-server)");
    }

    @ParameterizedTest(name = "{0}: unit changed {1} s ago, alive for {2} s: {3}")
    @CsvSource({
        "systemd, 100, 1000, true",
        "systemd, 989, 1000, true",
        // Within what two looks at a clock may differ.
        "systemd, 990, 1000, false",
        "systemd, 1000, 1000, false",
        "systemd, 5000, 1000, false",
        // The clock was set back, or nobody knows.
        "systemd, -5, 1000, false",
        "systemd, 100, '', false",
        "process, 100, 1000, false",
        "sysv, 100, 1000, true",
        "sysv, 1000, 1000, false",
    })
    void aUnitThatIsYoungerThanTheProcess(String by, long age, String lives, boolean needed) {
        service = by;
        unitAge = age;
        info.put("uptime_in_seconds", lives);
        assertThat(needs()).hasSize(needed ? 1 : 0);
    }

    /** The process has boot b, pid 7 and start 1. */
    @ParameterizedTest(name = "started by {0}, and {1} lies there: {2}")
    @CsvSource({
        "b 7 1 aa, aa, false",
        "b 7 1 aa, bb, true",
        "b 7 1 bb, bb, false",
        // Of another process, or of no order, the ages tell.
        "b 7 2 aa, aa, true",
        "b 8 1 aa, aa, true",
        "c 7 1 aa, aa, true",
        "b 77 1 aa, aa, true",
        "'', aa, true",
    })
    void aProcessThatAnOrderStartedIsKnownByWhatItWasStartedBy(String by, String hash, boolean needed) {
        service = "systemd";
        unitAge = 100;
        info.put("uptime_in_seconds", "1000");
        started = by;
        unitHash = hash;
        assertThat(needs()).hasSize(needed ? 1 : 0);
    }

    @Test
    void aUnitThatIsPutRightToWhatTheProcessWasStartedByTakesNoRestart() {
        service = "systemd";
        ClusterState cluster = cluster();
        Place place = Place.of(cluster.spec(), R1, Login.NONE);
        String path = UnitFile.path(place);
        unitHash = "cc";
        Step step = new Step(
                "r1/redis-server/unit",
                "let systemd know it",
                List.of("- " + path + ": as it is", "+ " + path),
                new Action.Unit(place, path, "text", "mark", true));
        started = "b 7 1 " + Secret.of("text").hash();
        assertThat(needs(step)).isEmpty();
        started = "b 7 1 cc";
        assertThat(needs(step)).hasSize(1);
    }

    @Test
    void aUnitThatIsWrittenFirst() {
        service = "systemd";
        ClusterState cluster = cluster();
        Place place = Place.of(cluster.spec(), R1, Login.NONE);
        String path = UnitFile.path(place);
        Action unit = new Action.Unit(place, path, "text", "mark", true);
        List<String> written = List.of("- " + path + ": as it is", "+ " + path);
        assertThat(needs(new Step("r1/redis-server/unit", "let systemd know it", written, unit)))
                .singleElement()
                .satisfies(need -> assertThat(need.reason()).isEqualTo("systemd reads a unit at its start only"));
        List<String> inLines = List.of("--- " + path, "+++ " + path, "@@ -1,1 +1,1 @@", "-a", "+b");
        assertThat(needs(new Step("r1/redis-server/unit", "let systemd know it", inLines, unit)))
                .hasSize(1);
        assertThat(needs(new Step("r1/redis-server/unit", "let systemd know it", List.of("+ started at boot"), unit)))
                .isEmpty();
        Place elsewhere = Place.of(cluster.spec(), new InstanceId("r2/redis-server"), Login.NONE);
        Action another = new Action.Unit(elsewhere, path, "text", "mark", true);
        assertThat(needs(new Step("r2/redis-server/unit", "let systemd know it", written, another)))
                .as("of the same name, on another host")
                .isEmpty();
        String monit = "/etc/systemd/system/redfleet-orders.monit.service";
        Action agent = new Action.Unit(place, monit, "text", "mark", true);
        assertThat(needs(new Step("r1/monit/unit", "let systemd know it", List.of("+ " + monit), agent)))
                .as("the unit of the host's Monit, in the place of the host's first instance")
                .isEmpty();
    }

    /** AA lies on the host. */
    @ParameterizedTest(name = "{0} of Redis {1} shows {2}: {3}")
    @CsvSource({
        "r1/redis-sentinel, 7.0.15, BB, a Sentinel",
        "r1/redis-sentinel, 7.0.15, AA, ''",
        "r1/redis-sentinel, 7.0.15, '', ''",
        // It says OK to CONFIG SET, and reads nothing.
        "r1/redis-server, 7.0.0, BB, Redis 7.0.0",
        "r1/redis-server, 7.0.0, AA, ''",
        "r1/redis-server, 7.0.15, BB, ''",
    })
    void aRenewedCertificateOfWhomNobodyCanTell(String of, String version, String shown, String who) {
        info.put("redis_version", version);
        InstanceId id = new InstanceId(of);
        tls = new TlsSurvey(
                "redis",
                "",
                Map.of(),
                "640",
                "",
                true,
                "",
                30,
                true,
                "OK",
                "AA",
                shown.isEmpty() ? Map.of() : Map.of(id.name(), shown));
        List<RestartNeeds.Need> found = needs(id).stream()
                .filter(need -> need.reason().contains("certificate"))
                .toList();
        if (who.isEmpty()) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().satisfies(need -> {
                assertThat(need.reason()).isEqualTo(who + " reads its certificate at its start only");
                assertThat(need.diff())
                        .containsExactly("- shows the certificate SHA256 BB", "+ shows the certificate SHA256 AA");
                assertThat(need.refused().reason()).endsWith("needs --rolling (restart of " + of + ")");
            });
        }
    }

    private List<RestartNeeds.Need> needs(Step... before) {
        return needs(R1, before);
    }

    private List<RestartNeeds.Need> needs(InstanceId id, Step... before) {
        ClusterState cluster = cluster();
        InstanceSurvey seen = new InstanceSurvey(
                true, "", "", true, false, true, true, false, false, "", 7, 1, false, true, ping, info, config,
                Map.of(), "", Set.of(), outdated);
        SystemdSurvey.Unit unit = new SystemdSurvey.Unit(true, "", unitHash, true, "", "", "", "", unitAge, started);
        HostSurvey host = new HostSurvey(
                "/base",
                "b",
                "",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                0,
                Map.of(id, seen),
                AgentSurvey.NONE,
                TuningSurvey.NONE,
                new SystemdSurvey(true, Map.of(id, unit), SystemdSurvey.Rotation.NONE),
                PackageSurvey.NONE,
                List.of(),
                tls,
                ArchiveSurvey.NONE);
        ClusterSurvey survey = new ClusterSurvey(Map.of(new HostName("r1"), host), Map.of());
        return new RestartNeeds(cluster, survey)
                .of(
                        cluster.spec().member(id).orElseThrow(),
                        new Plan(List.of(List.of(before)), List.of(), List.of(), false));
    }

    private ClusterState cluster() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        Map<String, Object> redis = Map.of("config", Map.of("databases", "32", "tcp-backlog", "600"));
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", hosts, "redis", redis, "service", service)));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u"),
                1,
                Phase.READY,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
