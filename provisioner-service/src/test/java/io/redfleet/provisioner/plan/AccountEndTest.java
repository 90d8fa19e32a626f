package io.redfleet.provisioner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.ClusterState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the user redis goes with a cluster of units or init scripts, by what three hosts say of him. */
class AccountEndTest {
    private static final String MADE = "systemd.made=yes\n";
    private static final String DATA = """
            i.redis-server.owner=u1 orders/HOST/redis-server
            i.redis-server.conf=yes
            i.redis-server.pid=7
            i.redis-server.ping=PONG
            i.redis-server.info=role:ROLE
            """;

    private final Map<String, String> made = new HashMap<>(Map.of("r1", MADE, "r2", MADE, "r3", MADE));
    private final Set<String> absent = new HashSet<>();
    private String packages = "";

    @ParameterizedTest(name = "{0}, {1}: he goes from {2}")
    @CsvSource({
        "systemd, ERASED, r1 r2 r3",
        "sysv, ERASED, r1 r2 r3",
        "process, ERASED, ''",
        "systemd, KEPT, ''",
        "systemd, ARCHIVED, r2 r3",
    })
    void heGoesWhereNothingThatStaysIsHis(String service, Fate fate, String from) {
        Plan plan = plan(Map.of("service", service), fate);
        List<String> expected = from.isEmpty() ? List.of() : List.of(from.split(" ", -1));
        assertThat(plan.obstacles()).isEmpty();
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof AccountAction)
                .extracting(Step::host)
                .containsExactlyElementsOf(expected);
        for (String host : List.of("r1", "r2", "r3")) {
            assertThat(plan.notes().stream().anyMatch(note -> note.startsWith(host + ": the user redis stays: ")))
                    .as("said of %s", host)
                    .isEqualTo(!service.equals("process") && !expected.contains(host));
        }
    }

    @Test
    void itIsTheLastThingThatIsDoneAndNamesTheClustersDirectory() {
        Plan plan = plan(Map.of("service", "systemd"), Fate.ERASED);
        assertThat(plan.steps().stream().map(Step::id).toList())
                .endsWith("r1/account/end", "r2/account/end", "r3/account/end");
        assertThat(plan.stages().getLast()).hasSize(3).allSatisfy(step -> {
            assertThat(step.diff()).containsExactly("- user redis", "- group redis");
            AccountAction action = (AccountAction) step.action();
            assertThat(action.base()).isEqualTo("/var/lib/redfleet");
            assertThat(action.homes()).containsExactly("orders");
            assertThat(action.ofTheMachine()).isTrue();
        });
    }

    /** As on a host that a provisioner of before has prepared, or where a package or a person made him. */
    @Test
    void whereItIsNotNotedThatRedfleetMadeHimHeStays() {
        made.put("r2", "");
        Plan plan = plan(Map.of("service", "systemd"), Fate.ERASED);
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof AccountAction)
                .extracting(Step::host)
                .containsExactly("r1", "r3");
        assertThat(plan.notes())
                .contains(
                        "r2: the user redis stays: it is not noted that Redfleet has made him, and nobody knows what else"
                                + " of the host is his")
                .noneMatch(note -> note.startsWith("r1: the user redis"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERASED", "ARCHIVED"})
    void whereDpkgKeepsSomethingOfRedissPackagesHeStays(Fate fate) {
        packages = """
                packages.apt=yes
                packages.dpkg=redis-tools hold installed 5:7.0.15-1
                packages.noted=yes
                packages.notes=# redfleet-packages
                packages.notes=cluster u1 orders
                packages.notes=package redis-tools - free 5:7.0.15-1
                """;
        Map<String, Object> redis = Map.of("install", "packages", "version", "7.0");
        Plan plan = plan(Map.of("service", "systemd", "redis", redis), fate);
        assertThat(plan.steps()).noneMatch(step -> step.action() instanceof AccountAction);
        assertThat(plan.notes()).contains("r2: the user redis stays: what is left of Redis's packages belongs to him");
    }

    @Test
    void whereThereIsNoUserNothingIsSaidOfHim() {
        made.put("r2", "");
        absent.add("r2");
        Plan plan = plan(Map.of("service", "systemd"), Fate.ERASED);
        assertThat(plan.notes()).noneMatch(note -> note.contains("r2: the user redis stays"));
        assertThat(plan.steps())
                .filteredOn(step -> step.action() instanceof AccountAction)
                .extracting(Step::host)
                .containsExactly("r1", "r3");
    }

    private Plan plan(Map<String, Object> spec, Fate fate) {
        ClusterState cluster = Plans.cluster(3, spec);
        return Decommission.plan(cluster, SaidHosts.survey(cluster, this::said), fate);
    }

    private String said(String host, String script) {
        return switch (script) {
            case "units" ->
                "systemd.init=yes\n" + (absent.contains(host) ? "" : "systemd.account=yes\n") + made.get(host)
                        + "systemd.end=yes\n";
            case "packages" -> packages + "packages.end=yes\n";
            case "survey" ->
                "base=/var/lib/redfleet\nboot=b\nos=debian 12\nfree=1099511627776\nnow=0\n"
                        + DATA.replace("HOST", host).replace("ROLE", host.equals("r1") ? "master" : "slave")
                        + "end=yes\n";
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }
}
