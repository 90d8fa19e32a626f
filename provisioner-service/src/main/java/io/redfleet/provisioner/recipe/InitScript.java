package io.redfleet.provisioner.recipe;

import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The init script by which a host runs one instance where its init is that of System V: POSIX sh, run by root, with the header of
 * the LSB. It starts and ends the process as redis, and never kills it.
 *
 * <p>A data node's {@link GuardFile} is asked first, whoever starts it, and what a person has stopped it does not start. Nothing
 * starts a process again that died, a Sentinel's neither, but an order.
 */
public final class InitScript {
    /** Not beside the scripts: all that lies there is one to the tools of init. units.sh knows it too. */
    private static final String GUARDS = "/etc/redfleet/guards";

    /** Gone after a boot. init-script.sh knows it too. */
    private static final String LOCKS = "/var/run";

    /** Where the shutdown of Red Hat's init looks for what runs; elsewhere there is none. init-script.sh knows it too. */
    private static final String SUBSYS = "/var/lock/subsys";

    /** What a file's name may be, to the tools that link it, and to a shell in single quotes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private InitScript() {}

    /**
     * What a script knows.
     *
     * @param name of its file
     * @param what it runs, in words for a person
     * @param directory the instance's
     * @param program by which it runs
     * @param conf its configuration
     * @param guard the file of its start guard; empty: it has none
     * @param lock the file by which one start or stop waits for another; root alone may open it
     * @param subsys the directory where a file of its name says that it runs, if there is such a directory
     * @param patience how long a stop waits for the end of the process
     */
    public record Knows(
            String name,
            String what,
            String directory,
            String program,
            String conf,
            String guard,
            String lock,
            String subsys,
            Duration patience) {}

    static UnitFile of(Place place, String base, String owner, Duration stop) {
        String directory = place.directory(base);
        Knows knows = new Knows(
                name(place),
                place.cluster() + "/" + place.id(),
                directory,
                place.bin(base) + "/" + place.program(),
                directory + (place.isRedis() ? "/redis.conf" : "/sentinel.conf"),
                place.isRedis() ? guard(place) : "",
                LOCKS + "/" + name(place) + ".lock",
                SUBSYS,
                stop);
        return new UnitFile(path(place), text(owner, knows));
    }

    /** The whole script. */
    public static String text(String owner, Knows knows) {
        return """
                #!/bin/sh
                # Written by Redfleet, which writes it anew whenever another is wanted.
                # redfleet-owner %1$s
                ### BEGIN INIT INFO
                # Provides:          %2$s
                # Required-Start:    $local_fs $remote_fs $network
                # Required-Stop:     $local_fs $remote_fs $network
                # Should-Start:      $time $named
                # Default-Start:     2 3 4 5
                # Default-Stop:      0 1 6
                # Short-Description: Redfleet %3$s
                ### END INIT INFO
                # chkconfig: 2345 85 15
                # description: Redfleet %3$s
                name='%2$s'
                dir='%4$s'
                program='%5$s'
                conf='%6$s'
                guard='%7$s'
                lock='%8$s'
                subsys='%9$s'
                patience=%10$d

                """.formatted(
                                UnitFile.words(owner),
                                name(knows.name()),
                                UnitFile.words(knows.what()),
                                UnitFile.path(knows.directory()),
                                UnitFile.path(knows.program()),
                                UnitFile.path(knows.conf()),
                                knows.guard().isEmpty() ? "" : UnitFile.path(knows.guard()),
                                UnitFile.path(knows.lock()),
                                UnitFile.path(knows.subsys()),
                                knows.patience().toSeconds())
                + Scripts.alone(InitScript.class, "init");
    }

    /** Where that of an instance lies, whoever wrote it. */
    static String path(Place place) {
        return UnitFile.path(Surveyor.SCRIPTS + "/" + name(place));
    }

    /** Where the start guard of an instance lies, whoever wrote it. */
    static String guard(Place place) {
        return UnitFile.path(GUARDS + "/" + name(place) + ".guard");
    }

    private static String name(Place place) {
        return name("redfleet-" + place.cluster() + "-" + place.instance().name());
    }

    private static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a name that could break out of an init script");
        }
        return name;
    }
}
