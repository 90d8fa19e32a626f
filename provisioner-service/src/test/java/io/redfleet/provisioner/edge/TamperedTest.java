package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.StepState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.provisioner.plan.Plan;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.testkit.Await;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody changes a host by hand: a kernel setting, a file, a process, a setting of Redis, its file. The plan names exactly that,
 * an apply mends exactly that, and neither a file nor a process of anything else is touched.
 */
@Tag("long")
@Timeout(600)
class TamperedTest extends BootedGround {
    private static final String A_FILE = "a file";
    private static final String SOMAXCONN = "net.core.somaxconn";
    private static final Duration DIES_WITHIN = Duration.ofSeconds(20);
    private static final String CONF = BASE + "/orders/redis-server/redis.conf";

    TamperedTest() {
        super(3);
    }

    /**
     * One deed of somebody's.
     *
     * @param says what the host itself has of it: other after the deed, and as before once it is mended
     * @param plan the steps that name it, each with its differences
     * @param may what of {@code traces()} may be other than before once it is mended
     */
    private record Tamper(String name, Runnable deed, Supplier<String> says, List<String> plan, Set<String> may) {}

    @Test
    void eachAloneAndAllAtOnceAreNamedAndMendedAndNothingElseIsTouched() {
        ClusterState cluster = cluster(
                "orders",
                1,
                THREE,
                Map.of(
                        "redis",
                        Map.of("config", Map.of("maxmemory", "64mb")),
                        "tuning",
                        Map.of("sysctl", Map.of(SOMAXCONN, "8192"))));
        applied(cluster);
        assertThat(whole(cluster, THREE)).isEqualTo(1);
        assertThat(work.apply(cluster)).isEqualTo(Ending.succeeded("nothing to change"));
        List<Tamper> tampers = tampers(cluster);
        for (Tamper tamper : tampers) {
            isNamedAndMended(cluster, tamper.name(), List.of(tamper));
        }
        isNamedAndMended(cluster, "all at once", tampers);
        whatIsAddedToAUnitIsToldAndLeftAlone(cluster);
    }

    private void whatIsAddedToAUnitIsToldAndLeftAlone(ClusterState cluster) {
        String added = UNITS + DATA_UNIT + ".d/more.conf";
        shell(2, "mkdir -p " + UNITS + DATA_UNIT + ".d && printf '[Service]\\nLimitNOFILE=1024\\n' >" + added);
        Plan plan = work.provisioning().plan(cluster);
        assertThat(plan.nothingToDo()).isTrue();
        assertThat(plan.warnings())
                .filteredOn(note -> note.contains(added))
                .singleElement()
                .satisfies(note ->
                        assertThat(note).startsWith("r2: " + added + " changes what systemd reads in the unit"));
        assertThat(shell(2, "cat " + added)).contains("LimitNOFILE=1024");
        shell(2, "rm -r " + UNITS + DATA_UNIT + ".d");
        assertThat(work.provisioning().plan(cluster).warnings()).noneMatch(note -> note.contains(added));
    }

    /** In the order of a plan: the machine, units, data nodes that are down, settings, files of what runs. */
    private List<Tamper> tampers(ClusterState cluster) {
        String unit = UNITS + DATA_UNIT;
        return List.of(
                new Tamper(
                        "a kernel setting",
                        () -> shell(3, "echo 1024 >/proc/sys/net/core/somaxconn"),
                        () -> shell(3, "cat /proc/sys/net/core/somaxconn"),
                        List.of("r3/tuning/sysctl [- " + SOMAXCONN + " 1024, + " + SOMAXCONN + " 8192]"),
                        Set.of("r3 /etc/sysctl.d/60-redfleet.conf", "r3 /var/lib/redfleet-host/tuning")),
                new Tamper(
                        A_FILE,
                        () -> shell(2, "sed -i s/LimitNOFILE=65535/LimitNOFILE=1024/ " + unit),
                        () -> shell(2, "sha256sum " + unit),
                        List.of("r2/redis-server/unit [--- " + unit + ", +++ " + unit
                                + ", @@ -18,7 +18,7 @@,  Restart=no,  TimeoutStopSec=300,  SendSIGKILL=no"
                                + ", -LimitNOFILE=1024, +LimitNOFILE=65535,  OOMScoreAdjust=-900,  UMask=0077"
                                + ",  ReadWritePaths=" + BASE + "/orders/redis-server]"),
                        Set.of("r2 " + unit)),
                new Tamper(
                        "a unit that is killed",
                        () -> shell(3, "systemctl kill --signal=KILL " + DATA_UNIT),
                        () -> shell(3, "systemctl is-active " + DATA_UNIT + " || true"),
                        List.of(
                                "r3/redis-server/follow [+ replicaof "
                                        + hosts.host(1).address() + " " + REDIS + "]",
                                "r3/redis-server/start []",
                                "r3/redis-server/linked []"),
                        Set.of(
                                "r3 " + DATA_UNIT,
                                "r3 " + CONF,
                                "r3 " + UNITS + DATA_UNIT.replace(".service", ".started"))),
                new Tamper(
                        "a setting of Redis",
                        () -> assertThat(told(cluster, "CONFIG", "SET", "maxmemory", "32mb"))
                                .isEqualTo("OK"),
                        () -> told(cluster, "CONFIG", "GET", "maxmemory"),
                        List.of("r1/redis-server/settings [- maxmemory 33554432, + maxmemory 64mb]"),
                        Set.of("r1 " + CONF)),
                new Tamper(
                        "a file of Redis",
                        () -> shell(2, "sed -i 's/^appendonly yes/appendonly no/' " + CONF),
                        () -> shell(2, "grep '^appendonly ' " + CONF),
                        List.of("r2/redis-server/file [- redis.conf: appendonly no, + redis.conf: appendonly yes]"),
                        Set.of("r2 " + CONF)));
    }

    private String told(ClusterState cluster, String... words) {
        return ask(cluster, 1, REDIS, Purpose.ADMIN, words).orElse("no answer");
    }

    private void isNamedAndMended(ClusterState cluster, String name, List<Tamper> tampers) {
        Map<String, String> before = traces();
        List<String> said = says(tampers);
        for (Tamper tamper : tampers) {
            String now = tamper.says().get();
            tamper.deed().run();
            Await.until(
                    tamper.name() + " is changed",
                    DIES_WITHIN,
                    () -> !tamper.says().get().equals(now));
        }

        Plan plan = work.provisioning().plan(cluster);
        List<String> expected =
                tampers.stream().flatMap(tamper -> tamper.plan().stream()).toList();
        assertThat(plan.steps().stream().map(TamperedTest::named)).as(name).containsExactlyElementsOf(expected);
        assertThat(plan.obstacles()).as(name).isEmpty();
        // It is noted which unit each was started by: the one that is written back.
        assertThat(plan.refused()).as(name).isEmpty();

        assertThat(work.apply(cluster)).as(name).isEqualTo(Ending.succeeded("as the spec wants it"));
        assertThat(work.ledger().last(OperationState.class).steps())
                .as(name)
                .extracting(StepState::id)
                .containsExactlyElementsOf(plan.steps().stream().map(Step::id).toList());
        assertThat(says(tampers)).as(name).isEqualTo(said);
        assertThat(whole(cluster, THREE)).as(name).isEqualTo(1);
        assertThat(work.provisioning().plan(cluster).nothingToDo()).as(name).isTrue();
        Set<String> may =
                tampers.stream().flatMap(tamper -> tamper.may().stream()).collect(Collectors.toSet());
        Set<String> touched = different(before, traces());
        assertThat(touched).as(name).isNotEmpty().isSubsetOf(may);
        System.out.printf("tampered: %s: %d step(s), touched %s%n", name, expected.size(), touched);
    }

    private static String named(Step step) {
        return step.id() + " " + step.diff();
    }

    private static List<String> says(List<Tamper> tampers) {
        return tampers.stream().map(tamper -> tamper.says().get()).toList();
    }

    private static Set<String> different(Map<String, String> before, Map<String, String> now) {
        Set<String> names = new HashSet<>(before.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
