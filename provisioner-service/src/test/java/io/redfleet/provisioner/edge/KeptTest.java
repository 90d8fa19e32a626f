package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeptTest {
    private static final List<String> NOTES = List.of(
            "r1: /var/lib/redfleet-host stays, with the locks by which operations on the machine take turns",
            "r1: of the package redis-server, which goes, dpkg keeps /etc/default/redis-server, /etc/rc?.d/???redis-server: it is"
                    + " removed and not purged",
            "r1: what apt and dpkg wrote down of it stays: /var/lib/dpkg, /var/log/dpkg.log, and /etc/ld.so.cache, written anew",
            "r1: the user redis stays: nobody knows what else of the host is his, and packages make him too",
            "r2: /opt/redis/8.0.2 stays: carts (uid u2) uses it too");

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "+ file /var/lib/redfleet-host, true",
        "+ content of /var/lib/redfleet-host/tuning.lock, true",
        "+ file /var/lib/redfleet-hosts, false",
        "- file /var/lib/redfleet-host/was-there, false",
        "+ file /etc/default/redis-server, true",
        "+ file /etc/default, false",
        "+ file /etc/rc0.d/K01redis-server, true",
        "+ file /etc/rc0.d/K01other, false",
        "'~ content of /var/lib/dpkg/status: a -> b', true",
        "- content of /var/lib/dpkg/old, true",
        "+ content of /var/lib/dpkg/info/liblzf1:amd64.list, true",
        "'~ content of /var/lib/dpkg/info/liblzf1:amd64.list: a -> b', true",
        "'~ content of /etc/ld.so.cache: a -> b', true",
        "'~ file /etc/default/redis-server: f 644 root:root -> f 600 root:root', false",
        "'~ content of /etc/passwd: a -> b', true",
        "+ content of /etc/shadow-, true",
        "- file /etc/passwd, false",
        "+ file /etc/passwd.old, false",
        "+ package redis-server, true",
        "+ package liblzf1, false",
        "- package redis-server, false",
        "+ user redis, true",
        "+ group redis, true",
        "+ user monit, false",
        "+ unit redis-server.service, false",
        "+ listener 0.0.0.0:6379, false",
        "'~ sysctl net.core.somaxconn: 4096 -> 8192', false",
        "+ file /opt/redis/8.0.2, false",
    })
    void whatThePlanNamesMayDifferAndNothingElse(String difference, boolean named) {
        assertThat(Kept.of(NOTES, "r1").covers(difference)).isEqualTo(named);
    }
}
