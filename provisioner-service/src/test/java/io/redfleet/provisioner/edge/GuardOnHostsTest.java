package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.testkit.Await;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Data nodes that keep nothing on disk, and an admin's drop-in by which systemd starts them again half a second after they die:
 * before the Sentinels can have replaced a master. Nobody of ours does anything while they die.
 */
@Tag("long")
@Timeout(900)
class GuardOnHostsTest extends BootedGround {
    private static final int RUNS = 20;
    private static final int KEYS = 200;
    /** A start that comes later than down-after loses nothing, without the guard too. */
    private static final int UNGUARDED_MOST = 5;

    private static final String DROP_INS = UNITS + DATA_UNIT + ".d";
    private static final String ALWAYS = """
            mkdir -p %1$s
            printf '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nRestart=always\\nRestartSec=500ms\\n' >%1$s/always.conf
            systemctl daemon-reload
            """.formatted(DROP_INS);

    private static final String UNGUARDED = """
            printf '[Service]\\nExecStartPre=\\n' >%s/unguarded.conf
            systemctl daemon-reload
            """.formatted(DROP_INS);

    private static final String REFUSALS = "journalctl -u " + DATA_UNIT
            + " -o cat | grep -cF 'redfleet guard: not started: the Sentinels name this instance the master' || true";

    GuardOnHostsTest() {
        super(3);
    }

    @Test
    void aMasterThatIsAlwaysRestartedLosesNoKeyWithItsGuardAndAllWithoutIt() {
        ClusterState cluster = cluster(
                "orders",
                1,
                THREE,
                Map.of(
                        "redis",
                        Map.of("config", Map.of("appendonly", "no", "save", "")),
                        "sentinel",
                        Map.of("downAfter", "2s", "failoverTimeout", "5s")));
        applied(cluster);
        int master = whole(cluster, THREE);
        for (int number : THREE) {
            assertThat(shell(number, "systemctl is-enabled " + DATA_UNIT + " || true"))
                    .isEqualTo("disabled");
            shell(number, ALWAYS);
        }
        String fill = "for i = 1, " + KEYS + " do redis.call('SET', 'k' .. i, i) end return 'OK'";
        assertThat(ask(cluster, master, REDIS, Purpose.APPLICATION, "EVAL", fill, "0"))
                .hasValue("OK");
        everyHostHas(cluster, KEYS, "before any run");

        for (int run = 1; run <= RUNS; run++) {
            int old = whole(cluster, THREE);
            int refused = refusals(old);
            kill(old);
            successor(cluster, THREE, old);
            assertThat(whole(cluster, THREE)).as("run %d", run).isNotEqualTo(old);
            everyHostHas(cluster, KEYS, "run " + run);
            assertThat(refusals(old))
                    .as("run %d: it came too early, and was told so", run)
                    .isGreaterThan(refused);
        }
        int refused = THREE.stream().mapToInt(this::refusals).sum();
        int kills = killsUntilAllIsLost(cluster);
        System.out.printf(
                "start guard on hosts: %d masters killed, %d starts refused, no key lost; without it all lost by kill %d%n",
                RUNS, refused, kills);
    }

    private int killsUntilAllIsLost(ClusterState cluster) {
        THREE.forEach(number -> shell(number, UNGUARDED));
        for (int kill = 1; kill <= UNGUARDED_MOST; kill++) {
            int old = whole(cluster, THREE);
            String pid = pid(old);
            kill(old);
            Await.until(
                    "r" + old + " is up again",
                    SETTLES_WITHIN,
                    () -> !List.of(pid, "0").contains(pid(old)) && keys(cluster, old) >= 0);
            int now = whole(cluster, THREE);
            if (keys(cluster, now) == 0) {
                everyHostHas(cluster, 0, "without the guard");
                return kill;
            }
        }
        String said = THREE.stream()
                .map(number -> "r" + number + ": "
                        + shell(number, "journalctl -u " + DATA_UNIT + " -o short-precise | tail -n 25"))
                .collect(Collectors.joining("\n"));
        throw new AssertionError("no key was lost in " + UNGUARDED_MOST + " kills without the guard\n" + said);
    }

    /** A replica keeps the file that it was synced by, which would save what the guard is to save. */
    private void kill(int number) {
        shell(number, "rm -f " + BASE + "/orders/redis-server/data/dump.rdb");
        shell(number, "systemctl kill --signal=KILL " + DATA_UNIT);
    }

    private String pid(int number) {
        return shell(number, "systemctl show -p MainPID --value " + DATA_UNIT);
    }

    private int refusals(int number) {
        return Integer.parseInt(shell(number, REFUSALS));
    }

    /** -1: it does not say. */
    private int keys(ClusterState cluster, int number) {
        return ask(cluster, number, REDIS, Purpose.APPLICATION, "DBSIZE")
                .map(Integer::valueOf)
                .orElse(-1);
    }

    private void everyHostHas(ClusterState cluster, int keys, String when) {
        for (int number : THREE) {
            Await.until(
                    "r" + number + " has " + keys + " keys, " + when,
                    SETTLES_WITHIN,
                    () -> keys(cluster, number) == keys);
        }
    }
}
