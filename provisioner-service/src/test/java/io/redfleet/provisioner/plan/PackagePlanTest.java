package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Leaving;
import io.redfleet.provisioner.packages.HostPackages;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.PlainLocksmith;
import io.redfleet.provisioner.survey.ClusterSurvey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned of packages, by what three hosts say of theirs. */
class PackagePlanTest {
    private static final String VERSION = "5:7.0.15-1";
    private static final String BARE = offered(VERSION);

    private static final String READY = """
            packages.apt=yes
            packages.dpkg=redis-tools hold installed 5:7.0.15-1
            packages.dpkg=redis-server hold installed 5:7.0.15-1
            packages.dpkg=redis-sentinel hold installed 5:7.0.15-1
            packages.unit=redis-server.service inactive
            packages.noted=yes
            packages.notes=# redfleet-packages
            packages.notes=cluster u1 orders
            packages.notes=package redis-tools - free 5:7.0.15-1
            packages.notes=package redis-server - free 5:7.0.15-1
            packages.notes=package redis-sentinel 5:7.0.15-1 held 5:7.0.15-1
            packages.notes=brought liblzf1 3.6-3
            packages.needrestart=ours
            """;

    private static final String MONIT = """
            packages.dpkg=monit unknown not-installed\s
            packages.policy=monit:
            packages.policy=  Candidate: 1:5.33.0-1
            packages.policy=     1:5.33.0-1 500
            packages.policy=        500 file:/srv/packages ./ Packages
            """;

    private static final String MONIT_READY = """
            packages.dpkg=monit hold installed 1:5.33.0-1
            packages.monit.noted=yes
            packages.monit.notes=# redfleet-packages
            packages.monit.notes=cluster u1 orders
            packages.monit.notes=package monit - free 1:5.33.0-1
            """;

    /** Of the Redis that is there, by itself. */
    private String found = "";

    private final Map<String, String> said = new HashMap<>(Map.of("r1", BARE, "r2", BARE, "r3", BARE));

    @Test
    void whatIsMissingIsInstalledBeforeAllElseAndTheRestIsPlannedAsIfItWereThere() {
        Plan plan = plan("7.0");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.open()).isFalse();
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/packages/install", "r2/packages/install", "r3/packages/install");
        Step first = plan.steps().getFirst();
        assertThat(first.title())
                .isEqualTo("install and hold redis-tools=5:7.0.15-1 redis-server=5:7.0.15-1"
                        + " redis-sentinel=5:7.0.15-1 on r1");
        assertThat(first.diff())
                .containsExactly(
                        "+ redis-tools=5:7.0.15-1",
                        "+ hold redis-tools",
                        "+ redis-server=5:7.0.15-1",
                        "+ hold redis-server",
                        "+ redis-sentinel=5:7.0.15-1",
                        "+ hold redis-sentinel",
                        "+ used by orders");
        assertThat(plan.effect(first)).isEqualTo(Effect.LIVE);
        assertThat(plan.steps()).extracting(Step::id).contains("r1/redis-server/prepare", "r3/redis-sentinel/start");
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .hasSize(6)
                .allSatisfy(step ->
                        assertThat(((Action.Prepare) step.action()).binary()).isEqualTo(HostPackages.BINARY));
    }

    @Test
    void whatHoldsIsLeftAsItIsAlsoWhereAptWouldTakeANewerOneByNow() {
        said.replaceAll((host, text) -> READY);
        assertThat(ids(plan("7.0"))).noneMatch(id -> id.contains("/packages/"));
        said.put("r2", READY.replace("redis-server hold", "redis-server install"));
        assertThat(plan("7.0").steps().getFirst()).satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/packages/install");
            assertThat(step.diff()).containsExactly("+ hold redis-server");
        });
        said.put("r2", READY.replace("needrestart=ours", "needrestart=missing"));
        assertThat(plan("7.0").steps().getFirst().diff()).containsExactly("+ /etc/needrestart/conf.d/redfleet.conf");
    }

    @Test
    void hostsOfSeveralVersionsAreNamedWithBoth() {
        said.put("r3", offered("5:7.2.4-1"));
        Plan plan = plan("7");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles().toString())
                .contains("r3: packages: ", "on r2 it is or would be 7.0.15, on r3 7.2.4");
    }

    @Test
    void whereNothingFitsTheListsAreReadOnceAndNotAgain() {
        Plan first = plan("7.2");
        assertThat(first.obstacles()).isEmpty();
        assertThat(first.open()).isTrue();
        assertThat(ids(first)).containsExactly("r1/packages/lists", "r2/packages/lists", "r3/packages/lists");

        said.replaceAll((host, text) -> text + "packages.read=5\n");
        assertThat(plan("7.2").obstacles().getFirst())
                .hasToString("r1: packages: apt does not offer all of redis-tools, redis-server, redis-sentinel at one"
                        + " version that fits: 7.2 is wanted, of redis-tools it offers 7.0.15, by lists that were read 5 s"
                        + " ago");
        said.replaceAll((host, text) -> offered(VERSION) + "packages.read=600\n");
        assertThat(ids(plan("7.2"))).as("old by now").contains("r1/packages/lists");
    }

    @Test
    void anotherVersionThanIsInstalledIsRefusedAndWhoUsesItIsNamed() {
        said.replaceAll((host, text) -> READY);
        said.put("r1", READY.replace("cluster u1 orders", "cluster u2 billing"));
        Plan plan = plan("7.2");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).hasSize(3);
        assertThat(plan.obstacles().getFirst().reason())
                .contains("redis-tools=5:7.0.15-1 is installed, used by billing (uid u2), and 7.2 is wanted")
                .endsWith("a version is not changed while another cluster uses it");
        assertThat(plan.refused()).hasSize(3);
        assertThat(plan.refused().getLast()).satisfies(refused -> {
            assertThat(refused.host()).isEqualTo("r3");
            assertThat(refused.diff()).contains("- redis-server=5:7.0.15-1", "+ redis 7.2");
            assertThat(refused.reason())
                    .doesNotContain("used by")
                    .endsWith(
                            "a version is changed by apply --rolling of a cluster that stands, and this one does not yet");
        });
    }

    @Test
    void aVersionThatIsInTheWayDoesNotHideWhatElseDiffers() {
        found = "7.0.15";
        said.replaceAll((host, text) -> READY);
        Plan plan = plan("7.2");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).hasSize(3);
        assertThat(plan.notes())
                .hasSize(21)
                .allMatch(note -> note.startsWith("differs too, and is not done: "))
                .anyMatch(note -> note.contains(": r1/redis-server/prepare: "));
        assertThat(plan.notes().getLast()).matches(".*: \\d+ more");
        assertThat(plan("7.0").notes()).as("nothing is in the way").isEmpty();

        said.put("r3", READY.replace("needrestart=ours", "needrestart=strange"));
        assertThat(plan("7.2").notes()).as("something else is in the way too").isEmpty();
        said.put("r3", BARE);
        assertThat(plan("7.2").notes()).as("lists are read first").isEmpty();
    }

    @Test
    void aRedisOfSomebodyElseIsInTheWayOfAnInstallationAndOfNothingElse() {
        String running = "packages.unit=redis-server.service active\n";
        said.put("r1", BARE + running);
        assertThat(plan("7.0").obstacles())
                .singleElement()
                .hasToString(
                        "r1: packages: redis-server.service runs here and is not Redfleet's: stop and disable it, or set"
                                + " spec.redis.install to present");
        said.replaceAll((host, text) -> READY);
        said.put("r1", READY + running);
        assertThat(plan("7.0").obstacles()).isEmpty();
        said.put("r1", READY + running + "packages.notes=pending u1\n");
        assertThat(plan("7.0").obstacles())
                .as("an installation of ours that a boot cut off has started it")
                .isEmpty();
        assertThat(ids(plan("7.0"))).startsWith("r1/packages/install");
    }

    @Test
    void aHostWithoutAptAndFilesOfSomebodyElseAreInTheWay() {
        said.put("r1", "");
        said.put("r2", BARE + "packages.noted=yes\npackages.notes=mine\n");
        said.put("r3", BARE + "packages.needrestart=strange\n");
        assertThat(plan("7.0").obstacles())
                .extracting(Plan.Obstacle::toString)
                .containsExactly(
                        "r1: packages: install: packages needs apt and dpkg, as Debian and Ubuntu have them, or dnf and rpm on a"
                                + " host of the RHEL family, and this host is debian 12: set spec.redis.install to present",
                        "r2: packages: /var/lib/redfleet-host/packages was not made by Redfleet and is never written over:"
                                + " move it away first",
                        "r3: packages: /etc/needrestart/conf.d/redfleet.conf was not made by Redfleet and is never written"
                                + " over: move it away first");
    }

    /** The notes of a change name what was to come, before it has. */
    @Test
    void theEndAfterAChangeThatWasCutOffNamesWhatIsThere() {
        String changing = READY.replace("redis-server - free 5:7.0.15-1", "redis-server - free 5:7.2.4-1");
        said.put("r1", changing + "packages.notes=pending u1\n");
        said.put("r2", changing);
        List<Step> steps = Decommission.plan(cluster("7.0"), survey(cluster("7.0")), false).steps().stream()
                .filter(step -> step.action() instanceof PackageAction)
                .toList();
        assertThat(steps.getFirst().diff()).contains("- redis-server=5:7.0.15-1");
        assertThat(((PackageAction.Release) steps.getFirst().action()).named())
                .containsExactly("redis-tools", "redis-server", "liblzf1");
        assertThat(((PackageAction.Release) steps.getLast().action()).named())
                .containsExactly("redis-tools", "liblzf1");
    }

    @Test
    void theEndNamesWhatGoesAndLeavesWhatAnotherClusterUses() {
        said.replaceAll((host, text) -> READY);
        said.put("r2", READY + "packages.notes=cluster u2 billing\n");
        said.put("r3", READY.replace("cluster u1 orders", "cluster u2 billing"));
        Plan plan = Decommission.plan(cluster("7.0"), survey(cluster("7.0")), false);
        assertThat(plan.obstacles()).isEmpty();
        List<Step> steps = plan.steps().stream()
                .filter(step -> step.action() instanceof PackageAction)
                .toList();
        assertThat(steps).extracting(Step::id).containsExactly("r1/packages/release", "r2/packages/release");
        assertThat(steps.getFirst().diff())
                .containsExactly(
                        "- used by orders",
                        "- hold redis-tools",
                        "- redis-tools=5:7.0.15-1",
                        "- hold redis-server",
                        "- redis-server=5:7.0.15-1",
                        "- liblzf1=3.6-3",
                        "- /etc/needrestart/conf.d/redfleet.conf");
        assertThat(((PackageAction.Release) steps.getFirst().action()).named())
                .containsExactly("redis-tools", "redis-server", "liblzf1");
        assertThat(steps.getLast().diff()).containsExactly("- used by orders");
        assertThat(((PackageAction.Release) steps.getLast().action()).named()).isEmpty();
        assertThat(plan.notes())
                .contains(
                        "r1: of the package redis-tools, which goes, dpkg keeps /etc/redis, /var/lib/redis, /var/log/redis: it is"
                                + " removed and not purged",
                        "r1: the package redis-sentinel stays: it was there before",
                        "r2: Redis's packages stay: billing (uid u2) uses them too")
                .anyMatch(note -> note.startsWith("r1: of the package redis-server, which goes, dpkg keeps"
                        + " /etc/default/redis-server, /etc/init.d/redis-server, "))
                .anyMatch(note -> note.startsWith("r1: what apt and dpkg wrote down of it stays: /var/lib/apt, "))
                .noneMatch(note -> note.startsWith("r3: ") && note.contains("the package"));
    }

    @Test
    void theEndSaysWhichPackageSomebodyHasReplaced() {
        said.replaceAll((host, text) -> READY.replace(
                "packages.dpkg=redis-server hold installed 5:7.0.15-1",
                "packages.dpkg=redis-server hold installed 5:7.0.15-2"));
        assertThat(Decommission.plan(cluster("7.0"), survey(cluster("7.0")), false)
                        .notes())
                .contains(
                        "r1: the package redis-server stays: 5:7.0.15-1 came for it, and somebody has put 5:7.0.15-2 there"
                                + " since");
    }

    /** What dpkg has of a package that came for the cluster, and what is said of it. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            hold installed 5:7.0.15-1           | of the package redis-tools, which goes, dpkg keeps PATHS: it is removed and not purged
            deinstall config-files 5:7.0.15-1   | of the package redis-tools, which is gone already, dpkg keeps PATHS: it was not purged
            'unknown not-installed '            | the package redis-tools is gone already
            install half-configured 5:7.0.15-1  | the package redis-tools stays as it is: to dpkg it is half-configured
            """)
    void theEndSaysWhatIsGoneAlready(String has, String note) {
        said.replaceAll((host, text) -> READY.replace("redis-tools hold installed 5:7.0.15-1", "redis-tools " + has));
        assertThat(Decommission.plan(cluster("7.0"), survey(cluster("7.0")), false)
                        .notes())
                .contains("r1: " + note.replace("PATHS", "/etc/redis, /var/lib/redis, /var/log/redis"))
                .filteredOn(each -> each.startsWith("r1: ") && each.contains("package redis-tools"))
                .hasSize(1);
    }

    @Test
    void aHostThatLeavesGivesThemUpOrTheLastClusterThereNeverCould() {
        said.replaceAll((host, text) -> READY);
        said.put("r4", READY);
        ClusterState without = cluster("7.0", 3)
                .leftBy(List.of(new Leaving(cluster("7.0", 4).spec().hosts().getLast(), false)));
        Plan plan = Planner.plan(without, survey(without));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof PackageAction)
                .singleElement()
                .satisfies(step -> {
                    assertThat(step.id()).isEqualTo("r4/packages/release");
                    assertThat(step.diff()).contains("- used by orders", "- redis-server=5:7.0.15-1");
                });
    }

    @Test
    void monitComesAtItsOwnVersionAfterRedisAndTheRestIsPlannedAsIfItWereThere() {
        said.replaceAll((host, text) -> text + MONIT);
        Plan plan = reporting();
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.open()).isFalse();
        assertThat(plan.stages().get(1))
                .extracting(Step::id)
                .containsExactly("r1/monit/install", "r2/monit/install", "r3/monit/install");
        Step first = plan.stages().get(1).getFirst();
        assertThat(first.title()).isEqualTo("install and hold monit=1:5.33.0-1 on r1");
        assertThat(first.diff()).containsExactly("+ monit=1:5.33.0-1", "+ hold monit", "+ monit used by orders");
        assertThat(plan.effect(first)).isEqualTo(Effect.LIVE);
        assertThat(ids(plan)).endsWith("r1/monit/agent", "r2/monit/agent", "r3/monit/agent");
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof AgentAction.AgentUnit)
                .hasSize(3)
                .allSatisfy(step -> assertThat(((AgentAction.AgentUnit) step.action()).binary())
                        .isEqualTo("/usr/bin/monit"));

        said.replaceAll((host, text) -> READY + MONIT_READY);
        assertThat(ids(reporting())).noneMatch(id -> id.endsWith("/install"));
        said.put("r2", READY + MONIT_READY.replace("monit hold", "monit install"));
        assertThat(reporting().steps().getFirst()).satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/monit/install");
            assertThat(step.diff()).containsExactly("+ hold monit");
        });
    }

    @Test
    void whereAptDoesNotKnowMonitItsListsAreReadOnceAndNotAgain() {
        Plan first = reporting();
        assertThat(first.obstacles()).isEmpty();
        assertThat(first.open()).isTrue();
        assertThat(ids(first)).containsExactly("r1/packages/lists", "r2/packages/lists", "r3/packages/lists");
        said.replaceAll((host, text) -> text + "packages.read=5\n");
        assertThat(reporting().obstacles().getFirst())
                .hasToString(
                        "r1: packages: apt offers no monit, by lists that were read 5 s ago: set monit.agent to off,"
                                + " or give the host a repository that has it");
        assertThat(plan("7.0").obstacles()).as("who has none run needs none").isEmpty();
    }

    @Test
    void notesOfMonitThatSomebodyElseMadeAreInTheWayOfItAlone() {
        said.replaceAll((host, text) -> text + MONIT);
        said.put("r2", BARE + MONIT + "packages.monit.noted=yes\npackages.monit.notes=mine\n");
        assertThat(reporting().obstacles())
                .singleElement()
                .hasToString("r2: packages: /var/lib/redfleet-host/monit was not made by Redfleet and is never written"
                        + " over: move it away first");
        assertThat(plan("7.0").obstacles()).isEmpty();
    }

    @Test
    void whoHasNoMonitRunAnyMoreGivesItsPackageUpAndSoDoesTheEnd() {
        said.replaceAll((host, text) -> READY + MONIT_READY);
        said.put("r2", READY + MONIT_READY + "packages.monit.notes=cluster u2 billing\n");
        said.put("r3", READY);
        Plan plan = plan("7.0");
        assertThat(ids(plan)).endsWith("r1/monit/release", "r2/monit/release").noneMatch(id -> id.contains("packages"));
        List<Step> steps = plan.stages().getLast();
        assertThat(steps.getFirst().diff())
                .containsExactly("- monit used by orders", "- hold monit", "- monit=1:5.33.0-1");
        assertThat(((PackageAction.ReleaseMonit) steps.getFirst().action()).named())
                .containsExactly("monit");
        assertThat(steps.getLast().diff()).containsExactly("- monit used by orders");
        assertThat(((PackageAction.ReleaseMonit) steps.getLast().action()).named())
                .isEmpty();

        Plan end = Decommission.plan(cluster("7.0"), survey(cluster("7.0")), false);
        assertThat(ids(end)).containsSubsequence("r1/monit/release", "r2/monit/release", "r1/packages/release");
        assertThat(end.notes())
                .contains("r2: the package monit stays: billing (uid u2) uses it too")
                .anyMatch(note -> note.startsWith("r1: of the package monit, which goes, dpkg keeps /etc/monit, "))
                .noneMatch(note -> note.startsWith("r3: ") && note.contains("monit"));
    }

    private Plan plan(String version) {
        ClusterState cluster = cluster(version);
        return Planner.plan(cluster, survey(cluster));
    }

    /** Of the same cluster, where a Monit is to run on each host. */
    private Plan reporting() {
        ClusterState cluster = cluster("7.0", 3, "on");
        Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts("http://gateway:8474");
        return Planner.plan(cluster, SaidHosts.survey(cluster, this::said, accounts));
    }

    private ClusterSurvey survey(ClusterState cluster) {
        return SaidHosts.survey(cluster, this::said);
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().stream().map(Step::id).toList();
    }

    private static String offered(String version) {
        StringBuilder text = new StringBuilder("packages.apt=yes\n");
        for (String name : HostPackages.ALL) {
            text.append("packages.dpkg=" + name + " unknown not-installed \n");
            text.append("packages.policy=" + name + ":\n");
            text.append("packages.policy=  Candidate: " + version + "\n");
            text.append("packages.policy=     " + version + " 500\n");
            text.append("packages.policy=        500 file:/srv/packages ./ Packages\n");
        }
        return text.toString();
    }

    private static ClusterState cluster(String version) {
        return cluster(version, 3);
    }

    private static ClusterState cluster(String version, int many) {
        return cluster(version, many, "off");
    }

    private static ClusterState cluster(String version, int many, String agent) {
        Map<String, Object> redis = Map.of("install", "packages", "version", version);
        Map<String, Object> monit = Map.of("agent", agent);
        return Plans.cluster(many, Map.of("service", "systemd", "redis", redis, "monit", monit));
    }

    /** As a host on which nothing of the cluster is there yet. */
    private String said(String host, String script) {
        return switch (script) {
            case "units" -> "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
            case "packages" -> said.getOrDefault(host, "") + "packages.end=yes\n";
            case "survey" ->
                "base=/var/lib/redfleet\nboot=b\nos=debian 12\nbinary=\nfree=1099511627776\nnow=0\nversion=" + found
                        + "\nend=yes\n";
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }
}
