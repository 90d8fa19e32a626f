package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
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

/** What is planned of the package on hosts of the RHEL family, by what three of them say. */
class RpmPlanTest {
    private static final String BARE = """
            packages.rpm.lock=yes
            packages.rpm.found=redis unknown not-installed\s
            packages.rpm.offer=redis 0:7.2.7-1.el9
            packages.rpm.offer=redis 0:6.2.17-1.el9
            packages.unit=redis.service inactive
            """;

    private static final String READY = """
            packages.rpm.lock=yes
            packages.rpm.found=redis hold installed 0:7.2.7-1.el9
            packages.unit=redis.service inactive
            """;

    private static final String NOTED = """
            packages.noted=yes
            packages.notes=# redfleet-packages
            packages.notes=cluster u1 orders
            packages.notes=package redis - free 0:7.2.7-1.el9
            packages.notes=brought liblzf 0:3.6-3.el9
            """;

    private static final List<String> WARNINGS = List.of(
            "r1: experimental: install: packages is not tested on a host of the RHEL family",
            "r2: experimental: install: packages is not tested on a host of the RHEL family",
            "r3: experimental: install: packages is not tested on a host of the RHEL family");

    /** What packages.sh says there of what Redfleet noted. */
    private final Map<String, String> noted = new HashMap<>();

    private final Map<String, String> said = new HashMap<>(Map.of("r1", BARE, "r2", BARE, "r3", BARE));

    @Test
    void whatIsMissingIsInstalledBeforeAllElseAndTheRestIsPlannedAsIfItWereThere() {
        Plan plan = plan("7.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.open()).isFalse();
        assertThat(plan.stages().getFirst())
                .extracting(Step::id)
                .containsExactly("r1/packages/install", "r2/packages/install", "r3/packages/install");
        Step first = plan.steps().getFirst();
        assertThat(first.title()).isEqualTo("install and hold redis=0:7.2.7-1.el9 on r1");
        assertThat(first.diff()).containsExactly("+ redis=0:7.2.7-1.el9", "+ hold redis", "+ used by orders");
        assertThat(plan.effect(first)).isEqualTo(Effect.LIVE);
        assertThat(first.action().ofTheMachine()).isTrue();
        assertThat(first.action())
                .isInstanceOfSatisfying(
                        RpmAction.Install.class,
                        install -> assertThat(install.version()).isEqualTo("0:7.2.7-1.el9"));
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof Action.Prepare)
                .hasSize(6)
                .allSatisfy(step ->
                        assertThat(((Action.Prepare) step.action()).binary()).isEqualTo("/usr/bin/redis-server"));
        assertThat(plan.notes()).isEmpty();
        assertThat(plan.warnings()).containsAll(WARNINGS);
    }

    @Test
    void whatHoldsIsLeftAsItIsAndTheWarningStays() {
        said.replaceAll((host, text) -> READY);
        said.keySet().forEach(host -> noted.put(host, NOTED));
        Plan plan = plan("7.2");
        assertThat(ids(plan)).noneMatch(id -> id.contains("/packages/"));
        assertThat(plan.warnings()).containsAll(WARNINGS);
        said.put("r2", READY.replace("redis hold", "redis install"));
        assertThat(plan("7.2").steps().getFirst()).satisfies(step -> {
            assertThat(step.id()).isEqualTo("r2/packages/install");
            assertThat(step.diff()).containsExactly("+ hold redis");
        });
    }

    @Test
    void whereNothingFitsTheListsAreReadOnceAndNotAgain() {
        Plan first = plan("7.4");
        assertThat(first.obstacles()).isEmpty();
        assertThat(first.open()).isTrue();
        assertThat(ids(first)).containsExactly("r1/packages/lists", "r2/packages/lists", "r3/packages/lists");
        assertThat(first.steps().getFirst().title()).isEqualTo("let dnf on r1 read its lists of packages anew");
        assertThat(first.steps()).allMatch(step -> step.action() instanceof RpmAction.ReadLists);
        assertThat(first.warnings()).containsAll(WARNINGS);

        said.keySet().forEach(host -> noted.put(host, "packages.read=5\n"));
        Plan second = plan("7.4");
        assertThat(second.steps()).isEmpty();
        assertThat(second.obstacles().getFirst())
                .hasToString(
                        "r1: packages: dnf does not offer all of redis at one version that fits: 7.4 is wanted, of redis"
                                + " it offers 7.2.7, 6.2.17, by lists that were read 5 s ago; a module may have another: dnf module"
                                + " list redis");
        assertThat(second.warnings()).as("an answer without a plan").containsAll(WARNINGS);
    }

    @Test
    void anotherVersionThanIsInstalledIsRefused() {
        said.replaceAll((host, text) -> READY);
        Plan plan = plan("6.2");
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles()).hasSize(3);
        assertThat(plan.obstacles().getFirst().reason())
                .isEqualTo(
                        "redis=0:7.2.7-1.el9 is installed, and 6.2 is wanted: no apply changes the version of what is"
                                + " installed");
        assertThat(plan.refused().getFirst().diff()).containsExactly("- redis=0:7.2.7-1.el9", "+ redis 6.2");
        assertThat(plan.warnings()).containsAll(WARNINGS);
    }

    @Test
    void aHostOfAnotherVersionIsNamedWithBoth() {
        said.put("r3", BARE.replace("0:7.2.7-1", "0:7.2.6-1"));
        assertThat(plan("7.2").obstacles().toString())
                .contains("r3: packages: ", "on r2 it is or would be 7.2.7, on r3 7.2.6");
    }

    /** Each row: what SELinux says of a port where it enforces, and what ends it (- nothing is in the way). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            6379 redis_port_t      | -
            7000 none              | which nobody has: semanage port -a -t redis_port_t -p tcp 7000
            8080 http_cache_port_t | which http_cache_port_t has: semanage port -m -t redis_port_t -p tcp 8080
            """)
    void aPortThatSelinuxDoesNotLetRedisUseIsInTheWay(String port, String end) {
        said.put("r2", BARE + "packages.rpm.port=" + port + "\n");
        assertThat(plan("7.2").obstacles()).as("it does not enforce").isEmpty();
        said.put("r2", BARE + "packages.rpm.selinux=enforcing\npackages.rpm.port=" + port + "\n");
        Plan plan = plan("7.2");
        if (end.equals("-")) {
            assertThat(plan.obstacles()).isEmpty();
            assertThat(plan.steps()).isNotEmpty();
        } else {
            assertThat(plan.obstacles())
                    .singleElement()
                    .hasToString("r2: packages: SELinux enforces here, and does not let Redis use port "
                            + port.substring(0, 4) + ", " + end);
            assertThat(plan.steps()).isEmpty();
            assertThat(plan.warnings()).containsAll(WARNINGS);
        }
    }

    @Test
    void portsThatNobodyCanAskForAreInTheWayWhereSelinuxEnforces() {
        said.put("r2", BARE + "packages.rpm.selinux=enforcing\npackages.rpm.semanage=no\n");
        assertThat(plan("7.2").obstacles())
                .singleElement()
                .hasToString(
                        "r2: packages: SELinux enforces here, and which ports Redis may use cannot be asked: dnf install"
                                + " policycoreutils-python-utils");
    }

    @Test
    void aSentinelOfSomebodyElseThatRunsIsInTheWay() {
        said.put("r2", BARE + "packages.unit=redis-sentinel.service active\n");
        assertThat(plan("7.2").obstacles())
                .singleElement()
                .hasToString(
                        "r2: packages: redis-sentinel.service runs here and is not Redfleet's: stop and disable it, or"
                                + " set spec.redis.install to present");
    }

    @Test
    void withoutThePluginThatLocksNothingIsInstalled() {
        said.put("r1", BARE.replace("lock=yes", "lock=no"));
        assertThat(plan("7.2").obstacles())
                .singleElement()
                .hasToString(
                        "r1: packages: dnf could not hold what is installed, for its plugin versionlock is missing or"
                                + " turned off: dnf install python3-dnf-plugin-versionlock");
    }

    @Test
    void aSentinelThatABootStartedInTheMiddleOfOurInstallationIsNotInTheWay() {
        said.put("r1", READY + "packages.unit=redis-sentinel.service active\n");
        noted.put("r1", NOTED + "packages.notes=pending u1\n");
        Plan plan = plan("7.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps().getFirst().id()).isEqualTo("r1/packages/install");
    }

    @Test
    void monitsPackageIsNotOnOffer() {
        Function<ClusterState, Accounts> accounts = PlainLocksmith.accounts("http://gateway:8474");
        ClusterState cluster = cluster("7.2", "on");
        Plan plan = Planner.plan(cluster, SaidHosts.survey(cluster, this::said, accounts));
        assertThat(plan.steps()).isEmpty();
        assertThat(plan.obstacles())
                .hasSize(3)
                .allMatch(obstacle -> obstacle.reason().startsWith("monit.agent: on with install: packages"));
    }

    @Test
    void whatAPersonHasToSeeToIsNoted() {
        said.put(
                "r2",
                BARE + "packages.rpm.selinux=enforcing\npackages.rpm.context=var_lib_t\npackages.rpm.firewalld=yes\n");
        said.put("r3", BARE + "packages.rpm.selinux=enforcing\npackages.rpm.context=redis_var_lib_t\n");
        Plan plan = plan("7.2");
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.warnings())
                .hasSize(5)
                .containsAll(WARNINGS)
                .contains(
                        "r2: SELinux enforces there, and /var/lib/redfleet is var_lib_t to it: Redis may be refused to write"
                                + " there until a person has run: semanage fcontext -a -t redis_var_lib_t '/var/lib/redfleet(/.*)?'"
                                + " && restorecon -R /var/lib/redfleet")
                .anyMatch(note -> note.startsWith("r2: firewalld runs there, and orders tells it nothing")
                        && note.contains("firewall-cmd --permanent --add-port="));
    }

    @Test
    void theEndGivesThePackageBackAndSaysWhatStays() {
        said.replaceAll((host, text) -> READY);
        noted.put("r1", NOTED);
        noted.put("r2", NOTED + "packages.notes=cluster u2 billing\n");
        Plan plan = Decommission.plan(cluster("7.2", "off"), survey(cluster("7.2", "off")), false);
        assertThat(plan.obstacles()).isEmpty();
        List<Step> steps = plan.steps().stream()
                .filter(step -> step.action() instanceof RpmAction)
                .toList();
        assertThat(steps).extracting(Step::id).containsExactly("r1/packages/release", "r2/packages/release");
        assertThat(steps.getFirst().diff())
                .containsExactly("- used by orders", "- hold redis", "- redis=0:7.2.7-1.el9", "- liblzf=0:3.6-3.el9");
        assertThat(((RpmAction.Release) steps.getFirst().action()).named()).containsExactly("redis", "liblzf");
        assertThat(((RpmAction.Release) steps.getLast().action()).named()).isEmpty();
        assertThat(plan.notes())
                .containsAll(WARNINGS)
                .contains("r2: Redis's packages stay: billing (uid u2) uses them too")
                .anyMatch(note -> note.startsWith("r1: the package redis, which goes, leaves what rpm keeps"))
                .anyMatch(note -> note.startsWith("r1: what dnf and rpm wrote down of it stays"))
                .noneMatch(note -> note.contains("dpkg") || note.startsWith("r3: the package"));
    }

    /** What rpm has of a package that came for the cluster, and what is said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hold installed 0:7.2.8-1.el9  | stays: 0:7.2.7-1.el9 came for it, and somebody has put 0:7.2.8-1.el9 there since
            'unknown not-installed '      | is gone already
            install several 0:7.2.7-1.el9 | stays as it is: to rpm it is there more than once
            """)
    void theEndSaysWhatSomebodyHasDoneSince(String has, String note) {
        said.replaceAll((host, text) -> READY.replace("hold installed 0:7.2.7-1.el9", has));
        noted.put("r1", NOTED);
        assertThat(Decommission.plan(cluster("7.2", "off"), survey(cluster("7.2", "off")), false)
                        .notes())
                .contains("r1: the package redis " + note);
    }

    private Plan plan(String version) {
        ClusterState cluster = cluster(version, "off");
        return Planner.plan(cluster, survey(cluster));
    }

    private ClusterSurvey survey(ClusterState cluster) {
        return SaidHosts.survey(cluster, this::said);
    }

    private static List<String> ids(Plan plan) {
        return plan.steps().stream().map(Step::id).toList();
    }

    private static ClusterState cluster(String version, String agent) {
        Map<String, Object> redis = Map.of("install", "packages", "version", version);
        Map<String, Object> monit = Map.of("agent", agent);
        return Plans.cluster(3, Map.of("service", "systemd", "redis", redis, "monit", monit));
    }

    /** As a host on which nothing of the cluster is there yet. */
    private String said(String host, String script) {
        return switch (script) {
            case "units" -> "systemd.init=yes\nsystemd.account=yes\nsystemd.end=yes\n";
            case "packages" -> "packages.rpm=yes\n" + noted.getOrDefault(host, "") + "packages.end=yes\n";
            case "packages-rpm" -> said.getOrDefault(host, "") + "packages.rpm.end=yes\n";
            case "survey" ->
                "base=/var/lib/redfleet\nboot=b\nos=rhel 9.4\nbinary=\nfree=1099511627776\nnow=0\nversion=\nend=yes\n";
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }
}
