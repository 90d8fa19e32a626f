package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.provisioner.apply.Ending;
import io.redfleet.testkit.RedisCall;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's own packages go to another revision of the same Redis and back, on hosts that boot, under a client that writes. */
@Tag("long")
@Timeout(1800)
class PackageVersionRollTest extends BootedGround {
    private static final List<String> ROLES = List.of("redis-server", "redis-sentinel");
    /** The same files under another version, beside the first in the host's own repository. */
    private static final String REPACKED = """
            set -e
            cd /srv/packages
            for name in redis-tools redis-server redis-sentinel; do
              deb=$(ls "$name"_*.deb | head -n 1)
              rm -rf /tmp/repacked
              dpkg-deb -R "$deb" /tmp/repacked
              old=$(dpkg-deb -f "$deb" Version)
              awk -v old="$old" '{
                while ((at = index($0, old)) > 0) {
                  printf "%s%s+r1", substr($0, 1, at - 1), old
                  $0 = substr($0, at + length(old))
                }
                print
              }' /tmp/repacked/DEBIAN/control >/tmp/control
              cat /tmp/control >/tmp/repacked/DEBIAN/control
              dpkg-deb -b /tmp/repacked "next-$name.deb" >/dev/null
              {
                echo
                dpkg-deb -f "next-$name.deb"
                echo "Filename: ./next-$name.deb"
                echo "Size: $(stat -c %s "next-$name.deb")"
                echo "SHA256: $(sha256sum "next-$name.deb" | cut -d ' ' -f 1)"
              } >>Packages
            done
            chmod 644 Packages *.deb
            apt-get update -q
            """;

    PackageVersionRollTest() {
        super(3, false);
    }

    @Test
    void everyHostGoesToTheOtherVersionInItsTurnAndBackAndNoAcknowledgedWriteIsLost() throws Exception {
        String old = shell(1, "apt-cache policy redis-tools | sed -n 's/^  Candidate: //p'");
        String next = old + "+r1";
        THREE.forEach(number -> shell(number, REPACKED));
        ClusterState before = cluster("orders", 1, THREE, redis(old));
        applied(before);
        whole(before, THREE);
        everyHostHas(old);

        ClusterState later = cluster("orders", 2, THREE, redis(next));
        assertThat(work.provisioning().plan(later).refused()).hasSize(6).allSatisfy(refused -> {
            assertThat(refused.reason()).contains("needs --rolling");
            assertThat(refused.diff()).contains("- redis-tools=" + old, "+ redis-tools=" + next);
        });
        applied(later);
        everyHostHas(old);

        List<Endpoint> sentinels = THREE.stream()
                .map(number -> new Endpoint(hosts.host(number).address(), SENTINEL))
                .toList();
        String password = password(before, Purpose.APPLICATION);
        SentinelWriter.Way way = (address, port) ->
                RedisCall.open(address, port, Duration.ofSeconds(5)).as(Purpose.APPLICATION.word(), password);
        try (SentinelWriter writer = new SentinelWriter(sentinels, "orders", way)) {
            writer.awaitMore(500);
            Ending ending = rolled(later);
            assertThat(ending.status()).as(ending.reason()).isEqualTo(Status.SUCCEEDED);
            writer.awaitMore(500);
            writer.end();
            whole(later, THREE);
            for (int number : THREE) {
                assertThat(writer.lostAt(new Endpoint(hosts.host(number).address(), REDIS)))
                        .as("on r%d", number)
                        .isEmpty();
            }
        }
        everyHostHas(next);
        everythingRunsWhatIsInstalled();
        assertThat(work.apply(later)).isEqualTo(Ending.succeeded("nothing to change"));

        Ending back = rolled(cluster("orders", 3, THREE, redis(old)));
        assertThat(back.status()).as(back.reason()).isEqualTo(Status.SUCCEEDED);
        everyHostHas(old);
        everythingRunsWhatIsInstalled();
    }

    private void everyHostHas(String version) {
        for (int number : THREE) {
            for (String name : List.of("redis-tools", "redis-server", "redis-sentinel")) {
                assertThat(shell(number, "dpkg-query -W -f '${db:Status-Want} ${db:Status-Status} ${Version}' " + name))
                        .as("%s on r%d", name, number)
                        .isEqualTo("hold installed " + version);
            }
            for (String unit : ROLES) {
                assertThat(shell(number, "systemctl is-active " + unit + ".service || true"))
                        .isEqualTo("inactive");
                assertThat(shell(number, "systemctl show -p LoadState --value " + unit + ".service"))
                        .as("not masked any more")
                        .isEqualTo("loaded");
            }
        }
    }

    /** And no file that was replaced. */
    private void everythingRunsWhatIsInstalled() {
        for (int number : THREE) {
            for (String role : ROLES) {
                // Root of a container may not look at other users' processes.
                String exe = "runuser -u redis -- readlink /proc/$(systemctl show -p MainPID --value redfleet-orders-"
                        + role + ")/exe";
                assertThat(shell(number, exe)).isEqualTo("/usr/bin/redis-check-rdb");
            }
        }
    }

    private static Map<String, Object> redis(String version) {
        return Map.of("redis", Map.of("install", "packages", "version", version));
    }
}
