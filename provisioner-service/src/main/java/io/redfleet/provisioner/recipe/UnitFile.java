package io.redfleet.provisioner.recipe;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The file by which the host's init runs one instance: a unit of systemd, or an {@link InitScript} where that is asked for.
 *
 * <p>The life of a process has one owner. A Sentinel's is systemd: it starts it at boot, and again whenever it dies. A data
 * node's is the provisioner's gate: systemd alone would bring a former master back as a second one, or an empty one over its
 * replicas. So it never starts one again, and at boot only where the node keeps its data; whoever starts the unit, its
 * {@link GuardFile} is asked first. What a person has stopped, nothing but an order starts.
 *
 * @param path where it lies
 */
public record UnitFile(String path, String text) {
    static final String SUFFIX = ".service";

    /** systemd has quotes, escapes and specifiers (%); nothing that needs one is let in, nor . and .. alone. */
    private static final Pattern PATH = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._:@-]+)+");

    private static final Pattern WORDS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._/:-]*");

    /** A last save is waited for, and never killed: what does not end is told to a person. */
    private static final String DATA = "Restart=no\nTimeoutStopSec=%s\nSendSIGKILL=no";

    /** A Sentinel keeps nothing but its file, which it writes whole. */
    private static final String SENTINEL = "Restart=always\nRestartSec=2\nTimeoutStopSec=%s";

    /**
     * @param base absolute, as the spec has it
     * @param owner the mark of the instance's directory, which is the unit's too
     * @param stop how long init waits for the end ({@link StopDeadline#written})
     */
    public static UnitFile of(Place place, String base, String owner, Duration stop) {
        if (place.scripted()) {
            return InitScript.of(place, base, owner, stop);
        }
        if (place.vendorUnit().isPresent()) {
            return DropIn.of(place, base, owner, stop);
        }
        String directory = place.directory(path(base));
        String conf = place.isRedis() ? "redis.conf" : "sentinel.conf";
        String text = """
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %1$s
                [Unit]
                Description=Redfleet %2$s
                Wants=network-online.target
                After=network-online.target
                ConditionPathExists=!%7$s/stopped
                StartLimitIntervalSec=300
                StartLimitBurst=5

                [Service]
                Type=notify
                User=%3$s
                %8$sExecStart="%4$s" "%5$s"
                TimeoutStartSec=infinity
                KillMode=mixed
                %6$s
                LimitNOFILE=65535
                OOMScoreAdjust=-900
                %9$s""".formatted(
                        words(owner),
                        words(place.title()),
                        RunAs.USER,
                        path(place.bin(base) + "/" + place.program()),
                        path(directory + "/" + conf),
                        life(place, stop),
                        path(directory),
                        place.isRedis() ? "ExecStartPre=\"/bin/sh\" \"" + path(GuardFile.path(place)) + "\"\n" : "",
                        confined(path(directory), "PrivateDevices=yes"));
        return new UnitFile(path(place), text);
    }

    /** Who starts it again, and how long its end is waited for. */
    static String life(Place place, Duration stop) {
        String seconds = stop.equals(StopDeadline.ENDLESS) ? "infinity" : Long.toString(stop.toSeconds());
        return (place.isRedis() ? DATA : SENTINEL).formatted(seconds);
    }

    /**
     * The end of every unit of ours: what its processes are kept to, and when it starts. Other words here are another unit on every
     * host, which the next apply writes anew.
     *
     * @param writes the one directory that they may write in
     * @param devices the line about those that they see
     */
    static String confined(String writes, String devices) {
        return """
                UMask=0077
                ReadWritePaths=%s
                ProtectSystem=strict
                ProtectHome=yes
                PrivateTmp=yes
                %s
                ProtectClock=yes
                ProtectControlGroups=yes
                ProtectHostname=yes
                ProtectKernelLogs=yes
                ProtectKernelModules=yes
                ProtectKernelTunables=yes
                NoNewPrivileges=yes
                CapabilityBoundingSet=
                LockPersonality=yes
                MemoryDenyWriteExecute=yes
                RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
                RestrictNamespaces=yes
                RestrictRealtime=yes
                RestrictSUIDSGID=yes
                SystemCallArchitectures=native
                SystemCallFilter=@system-service
                SystemCallErrorNumber=EPERM

                [Install]
                WantedBy=multi-user.target
                """.formatted(writes, devices);
    }

    /** Where the unit, the drop-in or the init script of an instance lies, whoever wrote it. */
    public static String path(Place place) {
        if (place.scripted()) {
            return InitScript.path(place);
        }
        if (place.vendorUnit().isPresent()) {
            return DropIn.path(place);
        }
        return path(Surveyor.UNITS + "/redfleet-" + place.home() + "-"
                + place.instance().name() + SUFFIX);
    }

    /**
     * Whether init starts the instance at boot: a data node without persistence has nothing that it could come up with. Of one
     * that somebody else's unit runs that is its builder's to say, and this is not asked.
     */
    public static boolean atBoot(ClusterSpec spec, Place place) {
        return !place.isRedis() || RedisConf.persists(spec, place);
    }

    /** SHA-256 of it, in hex. */
    public String hash() {
        return Secret.of(text).hash();
    }

    /** Whether nothing in it means more to systemd, or to a shell in single quotes, than a path does. */
    static boolean isPath(String path) {
        return PATH.matcher(path).matches();
    }

    static String path(String path) {
        if (!isPath(path)) {
            throw new IllegalArgumentException("a path that could break out of a unit");
        }
        return path;
    }

    static String words(String words) {
        if (!WORDS.matcher(words).matches()) {
            throw new IllegalArgumentException("words that could break out of a unit");
        }
        return words;
    }
}
