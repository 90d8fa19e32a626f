package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.provisioner.archive.ArchiveSurvey;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.firewall.FilterFile;
import io.redfleet.provisioner.gate.OwnerGate;
import io.redfleet.provisioner.packages.PackageSurvey;
import io.redfleet.provisioner.recipe.MonitUnit;
import io.redfleet.provisioner.recipe.RotationFile;
import io.redfleet.provisioner.recipe.StopDeadline;
import io.redfleet.provisioner.recipe.UnitFile;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.AgentSurvey;
import io.redfleet.provisioner.survey.AgentUnit;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.FirewallSurvey;
import io.redfleet.provisioner.survey.HostSurvey;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.SystemdSurvey;
import io.redfleet.provisioner.survey.TlsSurvey;
import io.redfleet.provisioner.survey.TuningSurvey;
import io.redfleet.provisioner.tuning.HostFiles;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Files that are Redfleet's as a whole, and that somebody has edited: the plan shows the lines. */
class WholeFilesTest {
    private static final InstanceId R1 = new InstanceId("r1/redis-server");
    private static final HostName HOST = new HostName("r1");

    private final ClusterState cluster = cluster();
    private final Place place = Place.of(cluster.spec(), R1, Login.NONE);
    private final String owner = OwnerGate.mark(cluster.spec(), cluster.uid(), R1);
    private final UnitFile unit =
            UnitFile.of(place, place.host().directory(), owner, StopDeadline.written(cluster.spec(), place));
    private final RotationFile rotation = RotationFile.of(cluster, host());

    @Test
    void aUnit() {
        String edited =
                unit.text().replace("LimitNOFILE=65535\n", "LimitNOFILE=1024\nEnvironment=REDIS_PASSWORD=sesame\n");
        assertThat(unitDiff(edited, Secret.of(edited).hash()))
                .startsWith("--- " + unit.path(), "+++ " + unit.path(), "@@ -18,8 +18,7 @@")
                .containsSequence(
                        " SendSIGKILL=no",
                        "-LimitNOFILE=1024",
                        "-Environment=REDIS_PASSWORD=***",
                        "+LimitNOFILE=65535",
                        " OOMScoreAdjust=-900")
                .hasSize(12);
    }

    @Test
    void aUnitWhoseTextIsNotKnown() {
        assertThat(unitDiff("", Secret.of("another").hash()))
                .containsExactly("- " + unit.path() + ": as it is", "+ " + unit.path());
        assertThat(unitDiff(unit.text(), Secret.of("another").hash()))
                .as("it has changed between two looks")
                .containsExactly("- " + unit.path() + ": as it is", "+ " + unit.path());
    }

    @Test
    void theFileOfLogrotate() {
        String edited = rotation.text() + "# more\n";
        SystemdSurvey.Rotation seen = new SystemdSurvey.Rotation(
                true, true, rotation.owner(), Secret.of(edited).hash(), edited);
        ClusterSurvey survey = survey(new SystemdSurvey(true, Map.of(), seen));
        List<Step> steps = RotationPlan.wanted(cluster, survey, new StepMaker(cluster.spec(), survey));
        assertThat(steps)
                .filteredOn(step -> step.id().equals("r1/logs/rotation"))
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .startsWith("--- " + rotation.path(), "+++ " + rotation.path())
                        .endsWith("-# more"));
    }

    @Test
    void aFileOfTheMachine() {
        List<String> lines = HostFiles.limits(new ClusterUid("u1"), 65_535);
        String edited = String.join("\n", lines).replace("65535", "1024") + "\n";
        TuningPlan.Wanted wanted = new TuningPlan.Wanted(TuningPart.LIMITS, lines, List.of());
        assertThat(TuningDiff.of(
                        wanted,
                        tuned(new TuningSurvey.File("u1", Secret.of(edited).hash(), edited))))
                .startsWith("--- " + TuningPart.LIMITS.path(), "+++ " + TuningPart.LIMITS.path())
                .anyMatch(line -> line.startsWith("-") && line.contains("1024"))
                .anyMatch(line -> line.startsWith("+") && line.contains("65535"));
        assertThat(TuningDiff.of(wanted, tuned(new TuningSurvey.File("u1", "another", edited))))
                .startsWith("- " + TuningPart.LIMITS.path() + ": as it is");
        assertThat(TuningDiff.of(wanted, tuned(new TuningSurvey.File("u1", HostFiles.hash(lines), ""))))
                .isEmpty();
    }

    @Test
    void theUnitOfMonit() {
        MonitUnit monit = MonitUnit.of(cluster, "/var/lib/redfleet", "/usr/bin/monit");
        String edited = monit.text().replace("Type=simple\n", "Type=forking\n");
        AgentUnit seen = new AgentUnit(true, monit.owner(), Secret.of(edited).hash(), true, true, edited);
        ClusterSurvey survey = survey(
                new SystemdSurvey(true, Map.of(), SystemdSurvey.Rotation.NONE),
                new AgentSurvey("/usr/bin/monit", "", "", "", "", 0, seen));
        assertThat(AgentUnitPlan.units(cluster, survey, new StepMaker(cluster.spec(), survey)))
                .singleElement()
                .satisfies(step -> assertThat(step.diff())
                        .startsWith("--- " + monit.path(), "+++ " + monit.path())
                        .containsSequence("-Type=forking", "+Type=simple"));
    }

    @Test
    void theRulesOfTheFirewall() {
        String path = FilterFile.rulesPath(cluster.name());
        List<String> rules = List.of("table inet redfleet_orders {", "    ip saddr 10.0.0.11 accept", "}");
        String edited = String.join("\n", rules).replace("10.0.0.11", "0.0.0.0/0") + "\n";
        assertThat(FirewallPlan.diff(cluster, rules, filter(Secret.of(edited).hash(), edited)))
                .startsWith(
                        "--- " + path,
                        "+++ " + path,
                        "@@ -1,3 +1,3 @@",
                        " table inet redfleet_orders {",
                        "-    ip saddr 0.0.0.0/0 accept",
                        "+    ip saddr 10.0.0.11 accept",
                        " }");
        assertThat(FirewallPlan.diff(cluster, rules, filter("another", edited)))
                .startsWith("- " + path + ": as it is", "+ " + path + ": ip saddr 10.0.0.11 accept");
    }

    private static FirewallSurvey filter(String hash, String text) {
        return new FirewallSurvey(true, Map.of(), hash, "", false, false, false, "", "", "", text);
    }

    private static TuningSurvey tuned(TuningSurvey.File file) {
        return new TuningSurvey("u1", Map.of(TuningPart.LIMITS, file), false, Map.of(), "", Map.of());
    }

    private List<String> unitDiff(String text, String hash) {
        SystemdSurvey.Unit seen = new SystemdSurvey.Unit(true, owner, hash, true, "", "", "", "", -1, "", text);
        ClusterSurvey survey = survey(new SystemdSurvey(true, Map.of(R1, seen), SystemdSurvey.Rotation.NONE));
        return UnitPlan.wanted(cluster, survey, new StepMaker(cluster.spec(), survey)).stream()
                .flatMap(List::stream)
                .filter(step -> step.id().equals(R1 + "/unit"))
                .findFirst()
                .orElseThrow()
                .diff();
    }

    private HostSpec host() {
        return cluster.spec().host(HOST).orElseThrow();
    }

    private static ClusterSurvey survey(SystemdSurvey systemd) {
        return survey(systemd, AgentSurvey.NONE);
    }

    private static ClusterSurvey survey(SystemdSurvey systemd, AgentSurvey agent) {
        HostSurvey host = new HostSurvey(
                "/var/lib/redfleet",
                "b",
                "",
                "/usr/bin/redis-server",
                "7.0.15",
                List.of(),
                1L << 40,
                0,
                Map.of(),
                agent,
                TuningSurvey.NONE,
                systemd,
                PackageSurvey.NONE,
                List.of(),
                TlsSurvey.NONE,
                ArchiveSurvey.NONE);
        return new ClusterSurvey(Map.of(HOST, host), Map.of());
    }

    private static ClusterState cluster() {
        List<Map<String, String>> hosts = IntStream.rangeClosed(1, 3)
                .mapToObj(i -> Map.of("name", "r" + i, "address", "10.0.0.1" + i))
                .toList();
        SpecReader.Reading reading = SpecReader.read(Map.of(
                "metadata",
                Map.of("name", "orders"),
                "spec",
                Map.of("hosts", hosts, "service", "systemd", "security", Map.of("acl", "off"))));
        return new ClusterState(
                ClusterState.SCHEMA,
                new ClusterUid("u1"),
                1,
                Phase.READY,
                "",
                Instant.EPOCH,
                ((SpecReader.Good) reading).spec());
    }
}
