package io.redfleet.bench.apply;

import java.io.IOException;

/** One of two ways to the same cluster on three hosts of its own. */
sealed interface Side permits RedfleetSide, AnsibleSide {
    String name();

    /** What a person runs to make it so: the first time, and again. */
    Ran apply() throws IOException, InterruptedException;

    /** Whether it says that there was nothing to do. */
    boolean changedNothing(Ran ran);

    /** Where it puts what it was asked for, on each host alike. */
    Footing footing();

    /** Of a user of the cluster that stands: {@code application} and {@code probe} are asked for. */
    String password(String user) throws IOException, InterruptedException;

    /** Gives up what outlives the hosts. */
    void leave() throws IOException, InterruptedException;
}
