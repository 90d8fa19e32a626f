package io.redfleet.provisioner.recipe;

import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;

/**
 * What Redfleet adds to a unit that somebody else wrote, or a package brought, of an instance that was taken over: one file beside
 * the unit, which itself is never written. It says what is Redfleet's to say: who starts it again, how long its end is waited for,
 * that a load is not ended, and, before a data node, its {@link GuardFile}. The rest (its command, user, limits, what it is kept
 * to, whether it starts at boot) stays its builder's.
 *
 * <p>The guard is run outside of what the unit keeps Redis to: Debian's lets nothing be executed but Redis itself, and ends a
 * process that asks for a limit. So systemd begins it as root, and it becomes redis before it reads a line. It asks Sentinels of
 * other hosts, so the unit comes after the network. An exit status by which its builder has a data node started again all the
 * same counts no more.
 */
final class DropIn {
    /** What its name ends with, which is no unit's. */
    static final String SUFFIX = ".conf";

    /** After most of its builder's: what is said last holds. */
    private static final String NAME = "redfleet";

    private static final String BECOME =
            "+/usr/bin/setpriv --reuid %1$s --regid %1$s --clear-groups --no-new-privs".formatted(RunAs.USER);

    private DropIn() {}

    static UnitFile of(Place place, String base, String owner, Duration stop) {
        String directory = UnitFile.path(place.directory(base));
        String guard = place.isRedis()
                ? "ExecStartPre=" + BECOME + " /bin/sh \"" + UnitFile.path(GuardFile.path(place))
                        + "\"\nRestartForceExitStatus=\n"
                : "";
        String text = """
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %1$s
                # redfleet-directory %2$s
                [Unit]
                Wants=network-online.target
                After=network-online.target
                ConditionPathExists=!%2$s/stopped

                [Service]
                %3$sTimeoutStartSec=infinity
                KillMode=mixed
                %4$s
                """.formatted(UnitFile.words(owner), directory, guard, UnitFile.life(place, stop));
        return new UnitFile(path(place), text);
    }

    /** Of a place with a unit of its builder's. */
    static String path(Place place) {
        return UnitFile.path(Surveyor.UNITS + "/" + place.vendorUnit().orElseThrow() + ".d/" + NAME + SUFFIX);
    }
}
