package io.redfleet.provisioner.lease;

import java.util.ArrayList;
import java.util.List;

/** What lets a script change something on a host. */
public sealed interface Fence {

    /**
     * The lease is held as far as is known here; the host looks again ({@code fenced} in common.sh).
     *
     * @param until the host's uptime in hundredths of a second after which the work must not begin; 0: no such time
     */
    record Open(String base, String lease, long until) implements Fence {

        /**
         * The same for whom the spec's own form of the base directory means another one, as it does for root.
         *
         * @param absolute as a survey found it
         */
        public Open at(String absolute) {
            return new Open(absolute, lease, until);
        }

        /** The script's arguments with what the host needs to judge. */
        public List<String> before(List<String> arguments) {
            List<String> all = new ArrayList<>(List.of(base, lease, "" + until));
            all.addAll(arguments);
            return all;
        }
    }

    /** Nothing may be sent. */
    record Shut(String reason) implements Fence {}
}
