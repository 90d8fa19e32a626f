package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.InstanceId;
import java.util.List;
import java.util.Map;

/**
 * What was found on one host of what instances need that systemd runs. Asked only for a cluster of those.
 *
 * @param init whether systemd is the host's init
 * @param units the unit files of the cluster's instances
 * @param rotation of the cluster's logs
 * @param firewall who may reach the cluster's ports
 * @param dropIns paths of somebody's files that change what systemd reads in the cluster's units
 * @param shared of the logs of Sentinels that several clusters share
 * @param made whether it is noted there that Redfleet has made the user redis, and his group
 * @param account whether there is a user redis
 */
public record SystemdSurvey(
        boolean init,
        Map<InstanceId, Unit> units,
        Rotation rotation,
        FirewallSurvey firewall,
        List<String> dropIns,
        Rotation shared,
        boolean made,
        boolean account) {
    /** Of a cluster of other instances. */
    public static final SystemdSurvey NONE = new SystemdSurvey(false, Map.of(), Rotation.NONE);

    public SystemdSurvey {
        units = Map.copyOf(units);
        dropIns = List.copyOf(dropIns);
    }

    /** Of a host whose Sentinels are the cluster's own. */
    public SystemdSurvey(
            boolean init,
            Map<InstanceId, Unit> units,
            Rotation rotation,
            FirewallSurvey firewall,
            List<String> dropIns) {
        this(init, units, rotation, firewall, dropIns, Rotation.NONE, false, false);
    }

    /** Of a host on which nobody has added to a unit. */
    public SystemdSurvey(boolean init, Map<InstanceId, Unit> units, Rotation rotation, FirewallSurvey firewall) {
        this(init, units, rotation, firewall, List.of());
    }

    /** Of a host that filters nothing. */
    public SystemdSurvey(boolean init, Map<InstanceId, Unit> units, Rotation rotation) {
        this(init, units, rotation, FirewallSurvey.NONE);
    }

    /**
     * The unit file under an instance's name.
     *
     * @param present whether there is anything under the name, be it a link
     * @param owner the mark in it; empty: it is not ours
     * @param hash SHA-256 of it, in hex; empty: it could not be read
     * @param enabled whether systemd starts it at boot
     * @param guard SHA-256 of the start guard beside it; empty: there is none that could be read
     * @param guardOwner the mark in that; empty: it is not ours
     * @param auth owner, mode and kind of the file with the guard's password; empty: there is none
     * @param refused why the guard let the instance not start, when it last did not; empty: it did
     * @param age seconds since the file was last changed, by the host's clock; below 0: not known
     * @param started boot, pid and start of the process that an order started last, and SHA-256 of the file by which; empty:
     *     not known
     * @param text what was read of it, at most 16 KiB: it is the file where it has that hash
     * @param left whether a drop-in is away of which something lies there that bears no mark: systemd was not told yet that it
     *     went, or it never had its name
     */
    public record Unit(
            boolean present,
            String owner,
            String hash,
            boolean enabled,
            String guard,
            String guardOwner,
            String auth,
            String refused,
            long age,
            String started,
            String text,
            boolean left) {
        public static final Unit NONE = new Unit(false, "", "", false, "", "", "", "", -1, "");

        /** One of which nothing else is left. */
        public Unit(
                boolean present,
                String owner,
                String hash,
                boolean enabled,
                String guard,
                String guardOwner,
                String auth,
                String refused,
                long age,
                String started,
                String text) {
            this(present, owner, hash, enabled, guard, guardOwner, auth, refused, age, started, text, false);
        }

        /** One whose text was not read. */
        public Unit(
                boolean present,
                String owner,
                String hash,
                boolean enabled,
                String guard,
                String guardOwner,
                String auth,
                String refused,
                long age,
                String started) {
            this(present, owner, hash, enabled, guard, guardOwner, auth, refused, age, started, "");
        }
    }

    /**
     * The file by which logrotate knows the cluster's logs.
     *
     * @param possible whether the host has a directory for such files
     * @param present whether there is anything under the name, be it a link
     * @param owner the mark in it; empty: it is not ours
     * @param hash SHA-256 of it, in hex; empty: it could not be read
     * @param text what was read of it, at most 16 KiB: it is the file where it has that hash
     */
    public record Rotation(boolean possible, boolean present, String owner, String hash, String text) {
        public static final Rotation NONE = new Rotation(false, false, "", "", "");
    }

    public Unit unit(InstanceId id) {
        return units.getOrDefault(id, Unit.NONE);
    }
}
