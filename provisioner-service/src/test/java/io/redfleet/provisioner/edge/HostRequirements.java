package io.redfleet.provisioner.edge;

import java.util.List;

/**
 * What each request of the founding article and its scripts comes to on a host, in commands of the host's own, or why
 * it comes to nothing there. Written from what was asked for, and from nothing of how it is done.
 */
final class HostRequirements {
    /**
     * What commands may say. Before it stand {@code here} and {@code master}, which are addresses, {@code admin}, the
     * password of that user, and {@code filemax}, what fs.file-max was before.
     */
    static final String WORDS = """
            dir=/var/lib/redfleet/orders/redis-server
            sdir=/var/lib/redfleet/orders/redis-sentinel
            unit=redfleet-orders-redis-server.service
            sunit=redfleet-orders-redis-sentinel.service
            sysctl=/etc/sysctl.d/60-redfleet.conf
            limits=/etc/security/limits.d/redfleet.conf
            rc=/var/lib/redfleet/orders/.monit/monitrc
            tls='--tls --cacert /etc/orders-tls/ca.pem'
            pid=$(systemctl show -p MainPID --value "$unit")
            ask() { REDISCLI_AUTH=$admin redis-cli $tls --user admin -h "$here" -p 6379 "$@" | tr -d '\\r'; }
            sentinel() { REDISCLI_AUTH=$admin redis-cli $tls --user admin -h "$here" -p 26379 "$@" | tr -d '\\r'; }
            # Root of a container may not look at other users' processes.
            theirs() { runuser -u redis -- readlink "/proc/$pid/$1"; }
            kernel() { cat "/proc/sys/$(printf %s "$1" | tr . /)"; grep -x "$1 = .*" "$sysctl"; }
            """;

    private static final List<Row> ROWS = List.of(
            every(1, """
                    sentinel SENTINEL GET-MASTER-ADDR-BY-NAME orders
                    REDISCLI_AUTH=$admin redis-cli $tls --user admin -h "$master" -p 6379 ROLE | head -n 1
                    """, "MASTER", "6379", "master"),
            again(2),
            every(
                    3,
                    "ask INFO server | grep -E '^(redis_version|tcp_port|config_file):'",
                    "redis_version:7.0.15",
                    "tcp_port:6379",
                    "config_file:/var/lib/redfleet/orders/redis-server/redis.conf"),
            none(4, "refused; what runs on a host comes over a pinned key: SshHostsTest"),
            replicas(
                    5,
                    "ask INFO replication | grep -E '^master_(host|port|link_status):'",
                    "master_host:MASTER",
                    "master_port:6379",
                    "master_link_status:up"),
            // Two clusters, two instances each.
            every(6, """
                    cat /var/lib/redfleet/*/*/redis.pid | sort -u | wc -l
                    grep -hE '^(port [1-9]|tls-port |dir |pidfile |logfile )' /var/lib/redfleet/*/*/*.conf | sort | uniq -d | wc -l
                    ss -Hltn | awk '{ print $4 }' | grep -cE ':(6379|26379|7000|27000)$'
                    """, "4", "0", "4"),
            every(
                    7,
                    "kernel net.core.somaxconn; grep -c 'TCP backlog setting' $dir/log/redis.log",
                    "65535",
                    "net.core.somaxconn = 65535",
                    "0"),
            every(8, """
                    ask CONFIG GET tcp-backlog | tail -n 1
                    ss -Hltn 'sport = :6379' | awk '{ print $3 }'
                    """, "65535", "65535"),
            every(
                    9,
                    "ask CONFIG GET save | tail -n 1; ask INFO persistence | grep ^rdb_last_bgsave_status:",
                    "3600 1 300 100 60 10000",
                    "rdb_last_bgsave_status:ok"),
            every(
                    10,
                    "ask INFO persistence | grep ^aof_enabled:; test -s "
                            + "$dir/data/appendonlydir/appendonly.aof.manifest && echo there",
                    "aof_enabled:1",
                    "there"),
            every(11, "ask CONFIG GET appendfsync | tail -n 1", "everysec"),
            every(12, """
                    cat /sys/kernel/mm/transparent_hugepage/enabled
                    systemctl is-enabled redfleet-thp.service
                    grep -c 'Transparent Huge Pages' $dir/log/redis.log
                    """, "never", "enabled", "0"),
            every(13, """
                    systemctl show -p LimitNOFILE --value $unit $sunit | grep .
                    soft=$(awk '/^Max open files/ { print $4 }' /proc/$pid/limits)
                    clients=$(ask CONFIG GET maxclients | tail -n 1)
                    [ $((clients + 32)) -le "$soft" ] && echo enough
                    """, "65535", "65535", "enough"),
            // What stands in the record of the apply.
            every(14, "echo \"$pid $(awk '/^Max open files/ { print $4, $5 }' /proc/$pid/limits)\"", "RECORDED"),
            every(
                    15,
                    "sentinel SENTINEL CKQUORUM orders",
                    "OK 3 usable Sentinels. Quorum and failover authorization can be reached"),
            every(
                    16,
                    "command -v monit; systemctl is-active redfleet-orders.monit.service",
                    "/usr/bin/monit",
                    "active"),
            every(17, "stat -c '%U %a' $rc", "redis 600"),
            every(18, "ss -Hltn | grep -cE ':(8081|2812) '", "0"),
            // The monitor checks without a file on a host; the agent's own has both instances too.
            every(
                    19,
                    "grep -cE '^check process \"redis-(server|sentinel)\" with pidfile \"/var/lib/redfleet/orders/' $rc",
                    "2"),
            every(
                    20,
                    "[ \"$(cat $dir/redis.pid)\" = \"$pid\" ] && theirs cwd",
                    "/var/lib/redfleet/orders/redis-server/data"),
            every(21, "systemctl is-active $unit; ask PING", "active", "PONG"),
            every(22, "systemctl show -p TimeoutStopUSec -p SendSIGKILL --value $unit | sort", "5min", "no"),
            none(23, "the monitor judges over the network: PulseTest, MonitTimelineTest"),
            none(24, "the monitor counts restarts: TallyTest, MonitTimelineTest"),
            every(
                    25,
                    "sentinel INFO server | grep ^redis_mode:; sentinel SENTINEL MYID | grep -cxE '[0-9a-f]{40}'",
                    "redis_mode:sentinel",
                    "1"),
            every(26, "systemctl is-active $sunit; systemctl show -p TimeoutStopUSec --value $sunit", "active", "1min"),
            every(27, "sentinel PING; ss -Hltn 'sport = :26379' | awk '{ print $4 }'", "PONG", "HERE:26379"),
            none(28, "as R24: TallyTest"),
            every(
                    29,
                    // What Redis says of it is of the machine below the hosts: a unit's /proc is its own.
                    "kernel vm.overcommit_memory",
                    "1",
                    "vm.overcommit_memory = 1"),
            every(30, "kernel vm.swappiness", "0", "vm.swappiness = 0"),
            every(31, "kernel net.ipv4.tcp_sack", "1", "net.ipv4.tcp_sack = 1"),
            every(32, "kernel net.ipv4.tcp_timestamps", "1", "net.ipv4.tcp_timestamps = 1"),
            every(33, "kernel net.ipv4.tcp_window_scaling", "1", "net.ipv4.tcp_window_scaling = 1"),
            every(34, "grep -c tcp_congestion_control $sysctl", "0"),
            every(35, "kernel net.ipv4.tcp_syncookies", "1", "net.ipv4.tcp_syncookies = 1"),
            every(
                    36,
                    "cat /etc/sysctl.d/*.conf | grep -c tcp_tw_recycle; ls /proc/sys/net/ipv4 | grep -c tcp_tw_recycle",
                    "0",
                    "0"),
            every(37, "kernel net.ipv4.tcp_max_syn_backlog", "65535", "net.ipv4.tcp_max_syn_backlog = 65535"),
            every(
                    38,
                    "grep -rlsE '^[^#]*somaxconn' /etc/sysctl.d /etc/sysctl.conf; head -n 1 $sysctl",
                    "/etc/sysctl.d/60-redfleet.conf",
                    "# redfleet-owner: u-orders"),
            every(
                    39,
                    "[ \"$(cat /proc/sys/fs/file-max)\" = \"$filemax\" ] && echo kept; grep -c file-max $sysctl",
                    "kept",
                    "0"),
            every(40, "grep -x 'redis soft nofile 65535' $limits", "redis soft nofile 65535"),
            every(
                    41,
                    "grep -x 'redis hard nofile 65535' $limits; stat -c '%U %a' $limits",
                    "redis hard nofile 65535",
                    "root 644"),
            // As Debian has them: not there, and where somebody becomes redis.
            every(42, """
                    cat /etc/pam.d/common-session /etc/pam.d/common-session-noninteractive | grep -c pam_limits
                    grep -cE '^session.*pam_limits' /etc/pam.d/su
                    """, "0", "1"),
            none(43, "an order to the monitor: WatchVerbsTest, GateTest"),
            none(44, "the gateway answers it: ReadsTest"),
            master(
                    45,
                    "ask INFO replication | grep -E '^(role|connected_slaves):'",
                    "role:master",
                    "connected_slaves:2"),
            every(
                    46,
                    "sentinel INFO sentinel | grep ^master0:",
                    "master0:name=orders,status=ok,address=MASTER:6379,slaves=2,sentinels=3"),
            none(47, "a word on the article itself; docs/ARCHITECTURE.md says what is tested"),
            every(48, """
                    systemctl show -p Restart --value $unit
                    systemctl show -p Restart --value $sunit
                    systemctl show -p ExecStartPre --value $unit | grep -c redfleet-orders-redis-server.guard
                    """, "no", "always", "1"),
            none(49, "of the command line: ExitStatusTest"),
            // Another Redis had 63790 before: as text, 6379 is in it.
            every(50, "ss -Hltn | awk '{ print $4 }' | grep -E ':6379[0-9]?$' | sort", "HERE:6379", "HERE:63790"),
            again(51),
            every(
                    52,
                    "dpkg -S \"$(theirs exe)\"; ls /usr/local/bin | wc -l",
                    "redis-tools: /usr/bin/redis-check-rdb",
                    "0"),
            every(
                    53,
                    "getent passwd redis | grep -c '/nologin$'; [ \"$(id -u redis)\" -lt 1000 ] && echo system",
                    "1",
                    "system"),
            every(54, """
                    stat -c '%U %a' $dir $dir/data $dir/log $sdir
                    find $dir $sdir ! -user redis -o -perm /077 | wc -l
                    """, "redis 700", "redis 700", "redis 700", "redis 700", "0"),
            every(
                    55,
                    "for it in port tls-port dir logfile pidfile daemonize supervised; do ask CONFIG GET $it | tail -n 1; done",
                    "0",
                    "6379",
                    "/var/lib/redfleet/orders/redis-server/data",
                    "/var/lib/redfleet/orders/redis-server/log/redis.log",
                    "/var/lib/redfleet/orders/redis-server/redis.pid",
                    "no",
                    "systemd"),
            every(
                    56,
                    "systemctl is-enabled $unit $sunit; systemctl is-active $unit $sunit",
                    "enabled",
                    "enabled",
                    "active",
                    "active"),
            every(57, """
                    sentinel SENTINEL MASTER orders | awk 'NR % 2 { key = $0; next } { print key, $0 }' |
                      grep -E '^(down-after-milliseconds|quorum|failover-timeout|parallel-syncs) ' | sort
                    """, "down-after-milliseconds 5000", "failover-timeout 60000", "parallel-syncs 1", "quorum 2"),
            every(58, """
                    noted=$(sed -n 's/^sentinel myid //p' $sdir/sentinel.conf)
                    [ "$noted" = "$(sentinel SENTINEL MYID)" ] && echo same
                    grep -c '^sentinel monitor orders ' $sdir/sentinel.conf
                    """, "same", "1"),
            none(59, "what is left when a cluster has gone: DecommissionTest, SystemdServiceTest, TuningTest"),
            // (a, b) are R6 and R20.
            every(60, """
                    stat -c '%U:%G %a' /etc/systemd/system/redfleet-orders-redis-server.guard
                    ss -Hltn 'sport = :6379' | awk '{ print $4 }'
                    for port in 6379 26379; do
                      redis-cli $tls -h "$here" -p $port PING | cut -d ' ' -f 1 | head -n 1
                      timeout 5 redis-cli -h "$here" -p $port PING 2>&1 | grep -c PONG
                    done
                    ask ACL LIST | grep -c '^user default off '
                    """, "root:root 644", "HERE:6379", "NOAUTH", "0", "NOAUTH", "0", "1"),
            every(61, "for tool in cc gcc make; do command -v $tool; done; echo no more", "no more"),
            every(62, "ask INFO server | grep ^redis_version:", "redis_version:7.0.15"));

    private HostRequirements() {}

    /** One request, by its number. */
    sealed interface Row {
        int number();
    }

    /** A request that a second run is to change nothing: no file, and no process. */
    record Again(int number) implements Row {}

    /** On which hosts of the cluster. */
    enum Where {
        EVERY,
        MASTER,
        REPLICAS
    }

    /**
     * A command that root runs on the host.
     *
     * @param says the lines that it has to print; MASTER and HERE stand for addresses, RECORDED for the process of the data
     *     node and its limits as the record of the apply has them
     */
    record OnHosts(int number, Where where, String command, List<String> says) implements Row {}

    /** @param why it is of no host, and the tests that have it instead */
    record Elsewhere(int number, String why) implements Row {}

    /** In the order of their numbers. */
    static List<Row> rows() {
        return ROWS;
    }

    private static Row every(int number, String command, String... says) {
        return new OnHosts(number, Where.EVERY, command, List.of(says));
    }

    private static Row master(int number, String command, String... says) {
        return new OnHosts(number, Where.MASTER, command, List.of(says));
    }

    private static Row replicas(int number, String command, String... says) {
        return new OnHosts(number, Where.REPLICAS, command, List.of(says));
    }

    private static Row again(int number) {
        return new Again(number);
    }

    private static Row none(int number, String why) {
        return new Elsewhere(number, why);
    }
}
