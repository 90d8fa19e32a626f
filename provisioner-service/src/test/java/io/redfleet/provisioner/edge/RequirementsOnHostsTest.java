package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the founding article and its scripts ask of a host ({@link HostRequirements}), held against hosts that two clusters share:
 * units, passwords, rotated logs, and the machine tuned as the article has it; the other cluster speaks TLS, and a Monit reports
 * of it. Root asks the hosts; nothing of ours does.
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

    private static final String MONIT = """
            printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
            chmod 755 /usr/sbin/policy-rc.d
            DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends monit
            rm /usr/sbin/policy-rc.d
            """;

    private static final String SECURED = "/etc/billing-tls";

    private final Map<Integer, String> fileMax = new HashMap<>();

    RequirementsOnHostsTest() {
        super(3);
    }

    @Test
    void whatTheArticleAsksOfHostsHoldsOnEachThatTwoClustersShare() throws IOException {
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
        applied(orders);
        Map<String, Object> more = billing();
        ClusterState billing = cluster("billing", 1, THREE, more);
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
        theOtherSpeaksTlsAloneAndItsMonitReports(billing);
        theMachineHasOneOwner(more);
    }

    /** It speaks TLS, by certificates that lie on the hosts, and has a Monit on each. */
    private Map<String, Object> billing() throws IOException {
        TestAuthority authority = TestAuthority.in(directory.resolve("authority"));
        String ca = Files.readString(authority.certificate());
        for (int number : THREE) {
            TestAuthority.Signed signed =
                    authority.signed("r" + number, "ip:" + hosts.host(number).address());
            shell(number, MONIT);
            shell(number, "install -d -g redis -m 750 " + SECURED);
            lies(number, "ca.pem", ca);
            lies(number, "host.pem", Files.readString(signed.certificate()));
            lies(number, "host.key", Files.readString(signed.key()));
        }
        Map<String, Object> tls = Map.of(
                "ca", ca,
                "caFile", SECURED + "/ca.pem",
                "certificate", SECURED + "/host.pem",
                "key", SECURED + "/host.key");
        return Map.of(
                "redis", Map.of("port", 7000),
                "sentinel", Map.of("port", 27000),
                "monit", Map.of("agent", "on"),
                "security", Map.of("tls", tls));
    }

    private void lies(int number, String name, String text) {
        String path = SECURED + "/" + name;
        shell(number, "printf '%s' '" + text + "' >" + path + " && chgrp redis " + path + " && chmod 640 " + path);
    }

    private void theOtherSpeaksTlsAloneAndItsMonitReports(ClusterState billing) {
        String admin = password(billing, Purpose.ADMIN);
        for (int number : THREE) {
            String address = hosts.host(number).address();
            for (int port : List.of(7000, 27000)) {
                String asked = "REDISCLI_AUTH='" + admin + "' timeout 5 redis-cli --no-auth-warning --user admin -h "
                        + address + " -p " + port + " ";
                assertThat(shell(number, asked + "--tls --cacert " + SECURED + "/ca.pem PING"))
                        .isEqualTo("PONG");
                assertThat(shell(number, asked + "PING 2>&1 || true")).doesNotContain("PONG");
            }
            assertThat(shell(number, "systemctl is-active redfleet-billing.monit.service"))
                    .isEqualTo("active");
        }
    }

    private void theMachineHasOneOwner(Map<String, Object> more) {
        Map<String, Object> greedy = new HashMap<>(more);
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
