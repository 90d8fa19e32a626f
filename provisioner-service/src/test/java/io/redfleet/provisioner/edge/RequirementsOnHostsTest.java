package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.Verification;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.SystemdHost;
import io.redfleet.testkit.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the founding article and its scripts ask of a host ({@link HostRequirements}), held against hosts that two clusters share.
 * One has all of it: units, passwords, TLS, rotated logs, a Monit that reports, and the machine tuned as the article has it. The
 * other speaks in the clear. The apply has verified them; then root asks the hosts, by commands of their own, and nothing of ours.
 *
 * <p>What a host shares with the machine below it is not a test's to set. In place of these three kernel files each host has
 * files of its own, with what a new machine has; what is written into them, and that it is, is as on any host.
 */
@Tag("long")
@Timeout(900)
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

    private static final String SECURED = "/etc/orders-tls";

    private final Map<Integer, String> fileMax = new HashMap<>();
    /** By host the process of the data node of orders and its limits, as the record of the apply has them. */
    private final Map<Integer, String> recorded = new HashMap<>();

    private Optional<SSLContext> trusting = Optional.empty();

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
        // The user redis comes with it, to whom the other's keys are given.
        Map<String, Object> more = Map.of("redis", Map.of("port", 7000), "sentinel", Map.of("port", 27000));
        ClusterState billing = cluster("billing", 1, THREE, more);
        applied(billing);
        ClusterState orders = cluster("orders", 1, THREE, all());
        applied(orders);
        int master = whole(orders, THREE);

        List<String> again = whatASecondRunChanges(List.of(billing, orders));
        asTheRecordHasIt();
        theOtherSpeaksInTheClear(billing);
        everyRequestHolds(orders, master, again);
        theMachineHasOneOwner(more);
    }

    /** Whatever a spec can ask for of what the article does, and passwords besides. */
    private Map<String, Object> all() throws IOException {
        return Map.of(
                "redis", Map.of("version", "7.0", "config", Map.of("tcp-backlog", "65535")),
                "tuning", Map.of("profile", "article"),
                "monit", Map.of("agent", "on"),
                "security", Map.of("tls", tls()));
    }

    /** By certificates that lie on the hosts; and a Monit on each. */
    private Map<String, Object> tls() throws IOException {
        TestAuthority authority = TestAuthority.in(directory.resolve("authority"));
        trusting = Optional.of(authority.client());
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
        return Map.of(
                "ca", ca,
                "caFile", SECURED + "/ca.pem",
                "certificate", SECURED + "/host.pem",
                "key", SECURED + "/host.key");
    }

    @Override
    RedisCall line(String address, int port) throws IOException {
        return port == REDIS || port == SENTINEL
                ? RedisCall.open(address, port, ANSWERS_WITHIN, trusting.orElseThrow())
                : super.line(address, port);
    }

    /** Files that were written and processes that were begun by an apply of what stands: lines of both looks that differ. */
    private List<String> whatASecondRunChanges(List<ClusterState> clusters) {
        Map<String, String> before = traces();
        assertThat(before)
                .as("files and processes of two clusters on three hosts")
                .hasSizeGreaterThan(50);
        for (ClusterState each : clusters) {
            assertThat(work.apply(each)).isEqualTo(Ending.succeeded("nothing to change"));
        }
        Map<String, String> after = traces();
        List<String> changed = new ArrayList<>();
        before.forEach((name, was) -> {
            if (!was.equals(after.get(name))) {
                changed.add(name + ": " + was + ", then " + after.get(name));
            }
        });
        after.keySet().stream().filter(name -> !before.containsKey(name)).forEach(changed::add);
        return changed;
    }

    /** Of the last apply, which has verified every host. */
    private void asTheRecordHasIt() {
        Verification found =
                Objects.requireNonNull(work.ledger().last(OperationState.class).verification());
        assertThat(found.holds()).as("%s", found.findings()).isTrue();
        assertThat(found.hosts()).hasSize(3).allSatisfy(host -> {
            assertThat(host.passed()).isPositive();
            assertThat(host.failed()).isZero();
        });
        for (Verification.ProcessLimits limits : found.limits()) {
            if (limits.instance().endsWith("/redis-server")) {
                recorded.put(
                        Integer.valueOf(
                                limits.instance().substring(1, limits.instance().indexOf('/'))),
                        limits.pid() + " " + limits.openFiles());
            }
        }
        System.out.printf("requirements on hosts: by the apply's own verification: %s%n", found.hosts());
    }

    private void everyRequestHolds(ClusterState orders, int master, List<String> again) throws IOException {
        Map<Integer, String> words = RequirementsPage.words();
        List<String> wrong = new ArrayList<>(RequirementsPage.unproven(words, HostRequirements.rows()));
        int asked = 0;
        for (HostRequirements.Row row : HostRequirements.rows()) {
            List<String> off = new ArrayList<>();
            String checks = switch (row) {
                case HostRequirements.OnHosts request -> {
                    List<Integer> numbers = where(request, master);
                    for (int number : numbers) {
                        asked++;
                        List<String> expected = expected(request, number, master);
                        List<String> said = said(orders, request, number, master);
                        if (!said.equals(expected)) {
                            off.add("R" + row.number() + " on r" + number + ": " + said + ", expected " + expected);
                        }
                    }
                    yield request.says().size() + " lines on each of " + numbers.size() + " hosts";
                }
                case HostRequirements.Again second -> {
                    asked++;
                    again.forEach(line -> off.add("R" + row.number() + ": a second run has changed " + line));
                    yield "files and processes before and after a second run";
                }
                case HostRequirements.Elsewhere elsewhere -> "no command: " + elsewhere.why();
            };
            String result = row instanceof HostRequirements.Elsewhere ? "-" : off.isEmpty() ? "holds" : "DOES NOT HOLD";
            System.out.printf(
                    "R%-3d %-8s %-13s %s%n", row.number(), words.getOrDefault(row.number(), "?"), result, checks);
            wrong.addAll(off);
        }
        System.out.printf("requirements on hosts: %d looks, %d not as asked for%n", asked, wrong.size());
        assertThat(wrong).isEmpty();
    }

    private void lies(int number, String name, String text) {
        String path = SECURED + "/" + name;
        shell(number, "printf '%s' '" + text + "' >" + path + " && chgrp redis " + path + " && chmod 640 " + path);
    }

    private void theOtherSpeaksInTheClear(ClusterState billing) {
        String admin = password(billing, Purpose.ADMIN);
        for (int number : THREE) {
            String address = hosts.host(number).address();
            for (int port : List.of(7000, 27000)) {
                assertThat(shell(
                                number,
                                "REDISCLI_AUTH='" + admin + "' timeout 5 redis-cli --no-auth-warning --user admin -h "
                                        + address + " -p " + port + " PING"))
                        .isEqualTo("PONG");
            }
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
                        .replace("HERE", hosts.host(number).address())
                        .replace("RECORDED", recorded.getOrDefault(number, "nothing")))
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
