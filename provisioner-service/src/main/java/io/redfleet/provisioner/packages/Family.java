package io.redfleet.provisioner.packages;

import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.provisioner.packages.HostPackages.Choice;
import java.util.List;

/** Whose packages a host has: what installs them there, what they are called, and where they put Redis. */
public enum Family {
    /** Debian, Ubuntu, and whoever else has apt and dpkg. */
    DEBIAN("apt", HostPackages.BINARY, HostPackages.ALL, ""),
    /** Red Hat's and what is made of it, with dnf and rpm. Experimental: no host of it has tested what is done there. */
    RHEL("dnf", RpmPackages.BINARY, List.of(RpmPackages.NAME), "; a module may have another: dnf module list redis"),
    /** Neither: nothing can be installed there. */
    NONE("apt", HostPackages.BINARY, HostPackages.ALL, "");

    private final String tool;
    private final String binary;
    private final List<String> all;
    private final String elsewhere;

    Family(String tool, String binary, List<String> all, String elsewhere) {
        this.tool = tool;
        this.binary = binary;
        this.all = List.copyOf(all);
        this.elsewhere = elsewhere;
    }

    /** The program that installs packages, by the name that people know. */
    public String tool() {
        return tool;
    }

    /** What instances run once the packages are there. */
    public String binary() {
        return binary;
    }

    /** All packages that Redis has there. */
    public List<String> all() {
        return all;
    }

    /** Where a version may be found that the tool does not offer, as the end of a sentence; empty: nowhere. */
    public String elsewhere() {
        return elsewhere;
    }

    /** The packages that this host's instances need, in the order of {@link #all}. */
    public List<String> needed(HostSpec host) {
        return this == RHEL ? all : HostPackages.needed(host);
    }

    /**
     * Which packages at which version.
     *
     * @param wanted a version of Redis or its beginning; empty: any that is managed
     */
    public Choice choose(HostSpec host, String wanted, PackageSurvey seen) {
        return this == RHEL ? RpmPackages.choose(wanted, seen) : HostPackages.choose(needed(host), wanted, seen);
    }
}
