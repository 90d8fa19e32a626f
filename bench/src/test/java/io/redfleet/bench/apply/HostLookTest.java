package io.redfleet.bench.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host says of itself, judged alike for both sides. */
class HostLookTest {
    private static final Footing FOOTING = new Footing(
            "data.service",
            "watch.service",
            "/etc/users",
            "/etc/watchers",
            "/etc/sysctl.d/60-redis.conf",
            "pages.service",
            "/etc/security/limits.d/redis.conf",
            List.of("/etc/logrotate.d/data", "/etc/logrotate.d/watch"),
            List.of("/var/log/data.log", "/var/log/watch.log"),
            List.of("/var/lib/data"));

    /** As the script prints it, of one unit. */
    private static final String UNIT = """
            UNIT state=active
            UNIT at boot=enabled
            UNIT Type=notify
            UNIT KillMode=mixed
            UNIT TimeoutStartUSec=infinity
            UNIT TimeoutStopUSec=@stop
            UNIT SendSIGKILL=@kill
            UNIT StartLimitIntervalUSec=5min
            UNIT StartLimitBurst=5
            UNIT LimitNOFILE=65535
            UNIT OOMScoreAdjust=-900
            UNIT UMask=0077
            UNIT ProtectSystem=strict
            UNIT ProtectHome=yes
            UNIT PrivateTmp=yes
            UNIT PrivateDevices=yes
            UNIT ProtectClock=yes
            UNIT ProtectControlGroups=yes
            UNIT ProtectHostname=yes
            UNIT ProtectKernelLogs=yes
            UNIT ProtectKernelModules=yes
            UNIT ProtectKernelTunables=yes
            UNIT NoNewPrivileges=yes
            UNIT LockPersonality=yes
            UNIT MemoryDenyWriteExecute=yes
            UNIT RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
            UNIT RestrictNamespaces=yes
            UNIT RestrictRealtime=yes
            UNIT RestrictSUIDSGID=yes
            UNIT SystemCallArchitectures=native
            UNIT filters=1
            UNIT user=redis
            UNIT open files=most most
            UNIT process NoNewPrivs=1
            UNIT process Seccomp=2
            UNIT process CapBnd=0000000000000000
            """;

    private static final String WHOLE = """
            kernel vm.overcommit_memory=1
            kernel vm.swappiness=0
            kernel net.core.somaxconn=65535
            kernel net.ipv4.tcp_max_syn_backlog=65535
            kernel net.ipv4.tcp_sack=1
            kernel net.ipv4.tcp_timestamps=1
            kernel net.ipv4.tcp_window_scaling=1
            kernel net.ipv4.tcp_syncookies=1
            boot vm.overcommit_memory=1
            boot vm.swappiness=0
            boot net.core.somaxconn=65535
            boot net.ipv4.tcp_max_syn_backlog=65535
            boot net.ipv4.tcp_sack=1
            boot net.ipv4.tcp_timestamps=1
            boot net.ipv4.tcp_window_scaling=1
            boot net.ipv4.tcp_syncookies=1
            tcp_tw_recycle=0
            huge pages=never
            huge pages at boot=enabled
            limits=redis hard nofile 65535 redis soft nofile 65535
            package redis-tools=hold installed
            package redis-server=hold installed
            package redis-sentinel=hold installed
            backlog=65535
            users of Redis=admin application canary probe replication sentinel
            users of Sentinel=admin application peer probe
            rotation ends with=0
            rotation errors=0
            rotation weekly, twelve=2
            rotation words=compress delaycompress missingok notifempty
            rotates /var/log/data.log=1
            rotates /var/log/watch.log=1
            mode /etc/sysctl.d/60-redis.conf=root 644
            mode /etc/security/limits.d/redis.conf=root 644
            mode /etc/logrotate.d/data=root 644
            mode /etc/logrotate.d/watch=root 644
            open in /var/lib/data=0
            """ + unit("data.service", "5min", "no") + unit("watch.service", "1min", "yes");

    @TempDir
    Path directory;

    @Test
    void aHostThatSaysAllOfItLacksNothing() {
        assertThat(HostLook.missing(FOOTING, WHOLE)).isEmpty();
    }

    @Test
    void eachThingIsMissedThatAHostDoesNotSpeakOf() {
        for (String line : WHOLE.lines().toList()) {
            String rest = WHOLE.lines().filter(other -> !other.equals(line)).collect(Collectors.joining("\n"));
            assertThat(HostLook.missing(FOOTING, rest))
                    .as(line)
                    .singleElement()
                    .satisfies(what ->
                            assertThat(what).startsWith(line.substring(0, line.indexOf('=')) + " is 'not said'"));
        }
        assertThat(HostLook.missing(FOOTING, "")).hasSize((int) WHOLE.lines().count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            kernel vm.swappiness                  | 1
            boot net.core.somaxconn               | 8192
            tcp_tw_recycle                        | 1
            huge pages                            | always [madvise] never
            huge pages                            | [always] madvise never
            huge pages at boot                    | disabled
            limits                                | redis soft nofile 65535
            package redis-server                  | install installed
            package redis-tools                   | hold config-files
            backlog                               | 511
            users of Redis                        | admin application default probe replication sentinel
            users of Sentinel                     | admin application probe
            rotation ends with                    | 1
            rotation weekly, twelve               | 1
            rotates /var/log/watch.log            | 0
            mode /etc/logrotate.d/data            | redis 644
            open in /var/lib/data                 | 3
            data.service state                    | failed
            data.service at boot                  | disabled
            data.service user                     | root
            data.service open files               | 1024 most
            data.service TimeoutStopUSec          | infinity
            data.service SendSIGKILL              | yes
            watch.service UMask                   | 0007
            watch.service ProtectSystem           | full
            watch.service RestrictAddressFamilies | AF_UNIX AF_INET AF_INET6 AF_NETLINK
            watch.service process Seccomp         | 0
            watch.service process CapBnd          | 00000000a80425fb
            """)
    void whatIsOtherwiseIsNamedWithWhatItIs(String what, String value) {
        String said = WHOLE.lines()
                .map(line -> line.startsWith(what + "=") ? what + "=" + value : line)
                .collect(Collectors.joining("\n"));
        assertThat(HostLook.missing(FOOTING, said))
                .singleElement()
                .satisfies(words -> assertThat(words).startsWith(what + " is '").contains(value.split(" ", -1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "always madvise [never]"})
    void hugePagesAreOffByTheKernelsWordsOrByTheOneThatWasWritten(String mode) {
        assertThat(HostLook.missing(FOOTING, WHOLE.replace("huge pages=never", "huge pages=" + mode)))
                .isEmpty();
    }

    @Test
    void theScriptIsOneThatAShellReads() throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("look.sh"), HostLook.script(FOOTING));
        Path said = directory.resolve("said");
        Process shell = new ProcessBuilder("sh", "-n", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(shell.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(said)).isEmpty();
        assertThat(shell.exitValue()).isZero();
    }

    @Test
    void thePlaybookIsAskedForTheSameKernelSettings() throws IOException {
        Path defaults = Checkout.root().resolve("bench/ansible/roles/redis/defaults/main.yml");
        Matcher line =
                Pattern.compile("(?m)^ {2}([a-z]\\w*(?:\\.\\w+)+): \"(\\d+)\"$").matcher(Files.readString(defaults));
        Map<String, String> asked = new HashMap<>();
        while (line.find()) {
            asked.put(line.group(1), line.group(2));
        }
        assertThat(asked).isEqualTo(HostLook.SYSCTL);
    }

    private static String unit(String name, String stop, String kill) {
        return UNIT.replace("UNIT", name).replace("@stop", stop).replace("@kill", kill);
    }
}
