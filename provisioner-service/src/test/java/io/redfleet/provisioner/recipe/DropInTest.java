package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.desired.OwnSpecs;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is added to a unit that somebody else wrote. */
class DropInTest {
    private static final String BASE = "/var/lib/redfleet";
    private static final Duration STOP = Duration.ofMinutes(5);

    @Test
    void aDataNodeIsGuardedOutsideOfWhatItsUnitKeepsItTo() {
        Place place = place("redis-server");
        UnitFile file = UnitFile.of(place, BASE, "u1 orders/r1/redis-server", STOP);
        assertThat(file.path()).isEqualTo("/etc/systemd/system/redis-server.service.d/redfleet.conf");
        assertThat(GuardFile.path(place)).isEqualTo("/etc/systemd/system/redis-server.service.d/redfleet.guard");
        String expected = """
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner u1 orders/r1/redis-server
                # redfleet-directory /var/lib/redfleet/orders/redis-server
                [Unit]
                Wants=network-online.target
                After=network-online.target
                ConditionPathExists=!/var/lib/redfleet/orders/redis-server/stopped

                [Service]
                ExecStartPre=+/usr/bin/setpriv --reuid redis --regid redis --clear-groups --no-new-privs /bin/sh GUARD
                RestartForceExitStatus=
                TimeoutStartSec=infinity
                KillMode=mixed
                Restart=no
                TimeoutStopSec=300
                SendSIGKILL=no
                """.replace("GUARD", "\"" + GuardFile.path(place) + "\"");
        assertThat(file.text()).isEqualTo(expected);
    }

    @Test
    void aSentinelIsSystemdsToStart() {
        UnitFile file = UnitFile.of(place("redis-sentinel"), BASE, "u1 orders/r1/redis-sentinel", STOP);
        assertThat(file.path()).isEqualTo("/etc/systemd/system/redis-sentinel.service.d/redfleet.conf");
        assertThat(file.text())
                .contains("\n[Unit]\nWants=network-online.target\nAfter=network-online.target\n")
                .contains("\nRestart=always\nRestartSec=2\n")
                .doesNotContain("RestartForceExitStatus")
                .doesNotContain("ExecStartPre")
                .doesNotContain("SendSIGKILL");
    }

    /** What was taken over may be of any size: only who names one has its last save end by a deadline. */
    @ParameterizedTest
    @CsvSource({
        "redis-server, '', infinity",
        "redis-server, 0, infinity",
        "redis-server, 1gb, 300",
        "redis-server, 64gb, 2400",
        "redis-sentinel, '', 60",
    })
    void aLastSaveIsWaitedForWithoutEndWhereNobodySaysHowBigItGets(String name, String maxmemory, String seconds) {
        ClusterSpec spec = maxmemory.isEmpty() ? OwnSpecs.underUnits() : OwnSpecs.underUnits(maxmemory);
        Place place = Place.of(spec, new InstanceId("r1/" + name), Login.NONE);
        String text = UnitFile.of(place, BASE, "u1", StopDeadline.written(spec, place))
                .text();
        assertThat(text.lines()).contains("TimeoutStopSec=" + seconds);
        assertThat(text.contains("\nSendSIGKILL=no\n")).isEqualTo(place.isRedis());
    }

    /** What its builder has chosen: the command, as whom it runs, and its limits. */
    @Test
    void whatIsNotRedfleetsToSayIsNotSaid() {
        for (String name : new String[] {"redis-server", "redis-sentinel"}) {
            assertThat(UnitFile.of(place(name), BASE, "u1", STOP).text())
                    .doesNotContain("ExecStart=")
                    .doesNotContain("User=")
                    .doesNotContain("Type=")
                    .doesNotContain("Limit")
                    .doesNotContain("Install");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/a\nUser=root", "/srv/%h", "/srv/a b", "/srv/..", "srv"})
    void noDirectoryBreaksOutOfIt(String base) {
        assertThatThrownBy(() -> UnitFile.of(place("redis-server"), base, "u1", STOP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("break out");
    }

    private static Place place(String instance) {
        return Place.of(OwnSpecs.underUnits(), new InstanceId("r1/" + instance), Login.NONE);
    }
}
