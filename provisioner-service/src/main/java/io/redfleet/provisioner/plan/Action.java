package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.health.Remediation;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a step does. Each inspects first, changes only what differs, and verifies; each may be done twice. */
public sealed interface Action
        permits AccessAction,
                AccountAction,
                AgentAction,
                FirewallAction,
                OwnAction,
                PackageAction,
                PasswordAction,
                RpmAction,
                TreeAction,
                Action.Prepare,
                Action.Note,
                Action.WriteNew,
                Action.Unit,
                Action.Guard,
                Action.EndUnit,
                Action.Rotate,
                Action.Follow,
                Action.Configure,
                Action.Aside,
                Action.Start,
                Action.Switch,
                Action.Stop,
                Action.Await,
                Action.Tell,
                Action.Reload,
                Action.AppendOnly,
                Action.Reset,
                Action.Archive,
                Action.Erase,
                Action.Retire,
                Action.Tune,
                Action.Untune,
                Action.Exec {
    Place place();

    /** Whether it changes the machine and no instance alone; its place is then only a way there. */
    default boolean ofTheMachine() {
        return this instanceof Tune
                || this instanceof Untune
                || this instanceof AccountAction
                || this instanceof FirewallAction
                || this instanceof PackageAction
                || this instanceof RpmAction
                || this instanceof TreeAction;
    }

    /** Directories, ownership mark, links to the binary. */
    record Prepare(Place place, String base, String directory, String owner, String binary) implements Action {
        /** Where the links are. */
        public String bin() {
            return place.bin(base);
        }
    }

    /** The note of the revision that is being made true, beside the ownership mark. */
    record Note(Place place, String directory, String owner, String uid, long revision) implements Action {}

    /** A file that must not exist yet; one that exists is left as it is. */
    record WriteNew(Place place, String path, String content) implements Action {
        /** Without the content, which may hold passwords. */
        @Override
        public String toString() {
            return "WriteNew[" + path + "]";
        }
    }

    /**
     * The unit by which systemd runs the instance; one of ours that says something else is written anew.
     *
     * @param path of the file
     * @param owner the mark in it
     * @param boot whether systemd starts the instance at boot
     */
    record Unit(Place place, String path, String content, String owner, boolean boot) implements Action {}

    /**
     * The start guard of that unit, and the password by which it asks the Sentinels; one of ours that says something else is
     * written anew.
     *
     * @param carried the password, and from the second line on the script
     */
    record Guard(Place place, String path, String carried, String owner) implements Action {
        /** Without the password. */
        @Override
        public String toString() {
            return "Guard[" + path + "]";
        }
    }

    /** The end of that unit and of its guard, as far as the mark is ours; the instance has to be stopped before. */
    record EndUnit(Place place, String path, String owner) implements Action {}

    /**
     * The file by which logrotate knows the cluster's logs on the host; one without our mark is left alone.
     *
     * @param owner the mark in it
     * @param content empty: the file goes
     */
    record Rotate(Place place, String path, String owner, String content) implements Action {}

    /** {@code replicaof} in the file of an instance that does not run; empty: none. */
    record Follow(Place place, String directory, Optional<Endpoint> master) implements Action {}

    /**
     * Directives in the file of an instance that does not run; every other line stays.
     *
     * @param lines by the directive's name
     */
    record Configure(Place place, String directory, Map<String, String> lines) implements Action {
        public Configure {
            lines = Collections.unmodifiableMap(new TreeMap<>(lines));
        }
    }

    /**
     * What a replica that does not run has stored, put beside its data under another name: it starts empty, and its master
     * sends it all.
     *
     * @param version of the Redis that wrote it
     * @param trial whether it is only looked whether that can be done; it may run then
     */
    record Aside(Place place, String directory, String version, boolean trial) implements Action {}

    record Start(Place place, String base, String directory, Duration patience) implements Action {
        /** Where the links are by which it runs. */
        public String bin() {
            return place.bin(base);
        }
    }

    /**
     * Lets Sentinel put another data node in this master's place, with its writes fenced meanwhile.
     *
     * @param to who is to be master; empty: whom Sentinel chooses
     * @param candidates the replicas that Sentinel could choose
     * @param pause how long scripts wait too, which Redis 6.2 does not refuse; zero: not at all
     * @param patience after the order; longer than Sentinel itself goes on with a failover
     */
    record Switch(
            Place place,
            String masterName,
            Optional<Endpoint> to,
            List<Endpoint> candidates,
            List<Endpoint> sentinels,
            Duration pause,
            Duration patience)
            implements Action {
        public Switch {
            candidates = List.copyOf(candidates);
            sentinels = List.copyOf(sentinels);
        }
    }

    /** @param kill whether KILL may follow when TERM has no effect: the instance's data is discarded anyway */
    record Stop(Place place, String directory, boolean marked, boolean kill, Duration patience) implements Action {}

    record Await(Place place, Until until, String masterName, int replicas, int sentinels, Duration patience)
            implements Action {}

    /** Commands to the running instance, each of which answers OK. */
    record Tell(Place place, List<List<String>> commands) implements Action {
        public Tell {
            commands = commands.stream().map(List::copyOf).toList();
        }
    }

    /** Lets a running data node read certificate, key and CA anew, if they are right, and sees that it shows the new one. */
    record Reload(Place place) implements Action {}

    /**
     * Turns the append-only file on or off; the configuration file says so only once what the next start will load, the
     * file or the snapshot, holds everything.
     */
    record AppendOnly(Place place, boolean on, Duration patience) implements Action {}

    /**
     * Lets a Sentinel forget all replicas and Sentinels, and waits until it has found again those that live. Only if it knows
     * one of those that are gone, and not before it and its peers have known everybody else, with a majority and no failover,
     * for as long as {@code quiet}: whoever did this to another Sentinel before, and died over it, is waited for so too.
     *
     * @param masterName no pattern, which RESET would take it for
     * @param replicas how many it has to know, and its peers too
     * @param sentinels with itself
     * @param gone endpoints, as {@code 10.0.0.12:6379}
     * @param peers the other Sentinels' endpoints
     */
    record Reset(
            Place place,
            String masterName,
            int replicas,
            int sentinels,
            List<String> gone,
            List<String> peers,
            Duration quiet,
            Duration patience)
            implements Action {
        public Reset {
            if (masterName.chars().anyMatch(c -> "*?[\\".indexOf(c) >= 0)) {
                throw new IllegalArgumentException("a name with * ? [ or \\ is a pattern to RESET: " + masterName);
            }
            gone = List.copyOf(gone);
            peers = List.copyOf(peers);
        }
    }

    /**
     * An archive of what an instance that does not run has stored: one file, which has its name once all of it is on the disk and
     * is what the directory holds. One that was made of the same data stands for it. A directory that is half removed is never
     * archived.
     *
     * @param shelf the directory in which it is kept
     * @param lived whether it ran when this was planned: then it has to have ended by itself, and to have stored something
     */
    record Archive(Place place, String directory, String owner, String shelf, boolean lived) implements Action {}

    /**
     * The instance's own directory, as far as its ownership mark is ours.
     *
     * @param archived whether nothing is removed unless {@link Archive} has been done and its file still is what it was
     */
    record Erase(Place place, String directory, String owner, boolean archived) implements Action {}

    /** A note that nobody manages the instance any more, while its files stay. */
    record Retire(Place place, String directory, String owner) implements Action {}

    /**
     * A part of what belongs to the whole machine, as its owner wants it: what holds now, and the file by which it holds after
     * a boot. By root.
     *
     * @param base the absolute form of the leased directory: root's home is another one
     * @param owner the uid of the cluster, the mark in the file
     * @param lines the whole file
     */
    record Tune(Place place, String base, String owner, TuningPart part, List<String> lines, List<Setting> settings)
            implements Action {
        public Tune {
            lines = List.copyOf(lines);
            settings = List.copyOf(settings);
        }

        /**
         * What is to hold now.
         *
         * @param least whether more will do
         */
        public record Setting(String key, boolean least, String value) {}
    }

    /** Those parts as they were before, as far as the mark is ours, and the end of the mark with the last of them. By root. */
    record Untune(Place place, String base, String owner, List<TuningPart> parts) implements Action {
        public Untune {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A program of the host's allow-list. The only one that is not done twice: what it does nobody knows.
     *
     * @param at when it was asked for
     */
    record Exec(Place place, Remediation.Exec what, Instant at) implements Action {}

    /** What {@link Await} waits for. */
    enum Until {
        /** It answers PONG. */
        READY,
        /** A replica, in sync or not. */
        REPLICA,
        /** A replica whose link to its master is up. Overtaken where it has been a master for some seconds. */
        LINKED,
        /** The same of one that was a master until now: Sentinel takes its time to make it a replica. */
        REJOINED,
        /** A replica that neither loads nor saves, and has all that its master had when it was first asked. */
        LEVEL,
        /** The same, or a master that neither loads nor saves. */
        IDLE,
        /** A Sentinel that knows all replicas and Sentinels and finds its quorum. */
        QUORUM,
        /** A Sentinel that finds its master well, and works on no failover. */
        WELL,
        /** A Sentinel that finds nothing wrong with any of them, and works on no failover. */
        SETTLED
    }
}
