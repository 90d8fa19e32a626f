package io.redfleet.provisioner.lease;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.RunAs;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Where leases come from. */
public interface HostLeases {

    /** Asks for a lease and returns at once. It is asked for, and kept by heartbeats, until it is closed or lost. */
    HostLease ask(HostAccess access, Request request);

    /**
     * What is asked for.
     *
     * @param base the directory that is leased, as the spec has it: one lease for all clusters below it
     * @param id never the same twice; scripts prove by it that they belong to the holder
     * @param given whether it is to be given back by itself; asked often, must answer at once
     * @param keeper whose the cluster's directories below the base are
     * @param service the word of the spec for how instances are run, which decides about the ground of the lease
     * @param homes directories of redis's in the base beside the cluster's, by their names
     */
    record Request(
            String base,
            String id,
            Holder holder,
            BooleanSupplier given,
            RunAs keeper,
            String service,
            List<String> homes) {
        public Request {
            homes = List.copyOf(homes);
        }

        /** Of a cluster whose instances all lie in its own directory. */
        public Request(String base, String id, Holder holder, BooleanSupplier given, RunAs keeper, String service) {
            this(base, id, holder, given, keeper, service, List.of());
        }

        /** Where they are redis's, of units. */
        public Request(String base, String id, Holder holder, BooleanSupplier given, RunAs keeper) {
            this(base, id, holder, given, keeper, ClusterSpec.SYSTEMD);
        }

        /** Where they are the SSH user's own. */
        public Request(String base, String id, Holder holder, BooleanSupplier given) {
            this(base, id, holder, given, RunAs.LOGIN);
        }
    }
}
