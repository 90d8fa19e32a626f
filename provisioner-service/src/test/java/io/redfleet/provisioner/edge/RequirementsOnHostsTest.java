package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the founding article and its scripts ask of a host ({@link HostRequirements}), held against hosts that two clusters share:
 * units, passwords, rotated logs, and the machine tuned as the article has it. Root asks the hosts; nothing of ours does.
 *
 * <p>What a host shares with the machine below it is not a test's to set. In place of these three kernel files each host has
 * files of its own, with what a new machine has; what is written into them, and that it is, is as on any host.
 */
@Tag("long")
@Timeout(600)
class RequirementsOnHostsTest extends BootedGround {
    private static final String OF_THE_MACHINE = """
            set -e
            own() {
              printf '%s\\n' "$2" >"/run/own-${1##*/}"
              mount --bind "/run/own-${1##*/}" "$1"
              [ "$(cat "$1")" = "$2" ]
            }
            own /proc/sys/vm/overcommit_memory 0
            own /proc/sys/vm/swappiness 60
            own /sys/kernel/mm/transparent_hugepage/enabled 'always [madvise] never'
            """;

    /** Somebody's Redis, on a port that begins as one of ours. */
    private static String neighbour(String address) {
        return """
                ln -s "$(command -v redis-check-rdb)" /run/redis-server
                systemd-run --quiet --unit=neighbour /run/redis-server --port 63790 --bind %s
                """.formatted(address);
    }

    private static final Map<String, Object> BILLING =
            Map.of("redis", Map.of("port", 7000), "sentinel", Map.of("port", 27000));

    private final Map<Integer, String> fileMax = new HashMap<>();

    RequirementsOnHostsTest() {
        super(3);
    }

    @Test
    void whatTheArticleAsksOfHostsHoldsOnEachThatTwoClustersShare() {
        for (int number : THREE) {
            shell(number, OF_THE_MACHINE);
            fileMax.put(number, shell(number, "cat /proc/sys/fs/file-max"));
            shell(number, neighbour(hosts.host(number).address()));
            Await.until(
                    "a neighbour on r" + number,
                    SETTLES_WITHIN,
                    () -> !shell(number, "ss -Hltn 'sport = :63790'").isEmpty());
        }
        ClusterState orders = cluster(
                "orders",
                1,
                THREE,
                Map.of(
                        "redis",
                        Map.of("version", "7.0", "config", Map.of("tcp-backlog", "65535")),
                        "tuning",
                        Map.of("profile", "article")));
        ClusterState billing = cluster("billing", 1, THREE, BILLING);
        applied(orders);
        applied(billing);
        for (ClusterState each : List.of(orders, billing)) {
            assertThat(work.apply(each)).isEqualTo(Ending.succeeded("nothing to change"));
        }

        int master = whole(orders, THREE);
        List<String> wrong = new ArrayList<>();
        int asked = 0;
        for (HostRequirements.Row row : HostRequirements.rows()) {
            if (row instanceof HostRequirements.OnHosts request) {
                for (int number : where(request, master)) {
                    asked++;
                    List<String> expected = expected(request, number, master);
                    List<String> said = said(orders, request, number, master);
                    if (!said.equals(expected)) {
                        wrong.add("R" + row.number() + " on r" + number + ": " + said + ", expected " + expected);
                    }
                }
            }
        }
        System.out.printf("requirements on hosts: %d commands, %d not as asked for%n", asked, wrong.size());
        assertThat(wrong).isEmpty();
        theMachineHasOneOwner();
    }

    private void theMachineHasOneOwner() {
        Map<String, Object> greedy = new HashMap<>(BILLING);
        greedy.put("tuning", Map.of("profile", "recommended"));
        assertThat(work.provisioning()
                        .plan(cluster("billing", 2, THREE, greedy))
                        .obstacles()
                        .toString())
                .contains("r1: tuning: what belongs to the whole machine is set by the cluster of uid u-orders");
    }

    private static List<Integer> where(HostRequirements.OnHosts request, int master) {
        return switch (request.where()) {
            case EVERY -> THREE;
            case MASTER -> List.of(master);
            case REPLICAS -> THREE.stream().filter(number -> number != master).toList();
        };
    }

    private List<String> expected(HostRequirements.OnHosts request, int number, int master) {
        return request.says().stream()
                .map(line -> line.replace("MASTER", hosts.host(master).address())
                        .replace("HERE", hosts.host(number).address()))
                .toList();
    }

    private List<String> said(ClusterState cluster, HostRequirements.OnHosts request, int number, int master) {
        SystemdHost host = hosts.host(number);
        String given = "here='%s' master='%s' admin='%s' filemax='%s'%n"
                .formatted(
                        host.address(),
                        hosts.host(master).address(),
                        password(cluster, Purpose.ADMIN),
                        fileMax.get(number));
        return shell(host, given + HostRequirements.WORDS + "{\n" + request.command() + "\n} 2>&1\ntrue")
                .lines()
                .toList();
    }
}
