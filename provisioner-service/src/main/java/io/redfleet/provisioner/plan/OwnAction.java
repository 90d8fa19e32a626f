package io.redfleet.provisioner.plan;

import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.provisioner.survey.Place;

/** Something about an instance that somebody else built: only Redfleet's own directory of it is written, no process is touched. */
public sealed interface OwnAction extends Action {
    /** Redfleet's directory of it, absolute. */
    String directory();

    /** What the mark in it says. */
    String owner();

    /**
     * The mark, and links to what belongs to the instance. Not unless all of it still is as it was seen.
     *
     * @param base the absolute form of the leased directory
     * @param binary that the links name by which it is started from now on
     * @param at its own configuration
     * @param log empty: none
     * @param pid of its process
     */
    record Adopt(
            Place place,
            String base,
            String directory,
            String owner,
            String binary,
            OwnPlace at,
            String pidfile,
            String data,
            String log,
            long pid)
            implements OwnAction {
        /** Where the links are. */
        public String bin() {
            return place.bin(base);
        }
    }

    /** The end of that directory, as far as the mark is ours; the instance goes on. */
    record Release(Place place, String directory, String owner) implements OwnAction {}
}
