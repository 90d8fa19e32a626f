package io.redfleet.provisioner.plan;

import io.redfleet.provisioner.survey.Place;
import java.util.List;

/**
 * The end of the user redis of a host, and of his group, where Redfleet has made both and nothing there is his any more, runs as
 * him or names him; else he stays, and the answer says why. What the lease on the base lies in becomes root's. By root.
 *
 * @param base the absolute form of the leased directory: root's home is another one
 * @param homes directories of the cluster's in it, by their names, which go where they are empty
 */
public record AccountAction(Place place, String base, List<String> homes) implements Action {
    public AccountAction {
        homes = List.copyOf(homes);
    }
}
