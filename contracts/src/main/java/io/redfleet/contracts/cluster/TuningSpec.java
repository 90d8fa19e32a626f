package io.redfleet.contracts.cluster;

import java.util.Map;

/**
 * What a cluster wants of the whole machines that it runs on.
 *
 * @param sysctl kernel settings by key, in place of the profile's or beside them; values as the kernel writes them
 */
public record TuningSpec(Profile profile, Map<String, String> sysctl) {
    /** Of records that do not hold this part, too: nothing of a machine is touched. */
    public static final TuningSpec NONE = new TuningSpec(Profile.NONE, Map.of());

    public TuningSpec {
        sysctl = Map.copyOf(sysctl);
    }

    /** A set of settings that is known by a word. */
    public enum Profile {
        /** Nothing but what {@code sysctl} names. */
        NONE,
        /** What the article that Redfleet began with has set, without what harms a host of today. */
        ARTICLE,
        /** What Redis asks for on a host of today. */
        RECOMMENDED
    }

    /** Whether anything of the machines is to be as the cluster wants it. */
    public boolean wanted() {
        return profile != Profile.NONE || !sysctl.isEmpty();
    }
}
