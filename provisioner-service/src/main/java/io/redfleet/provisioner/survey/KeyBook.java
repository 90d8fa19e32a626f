package io.redfleet.provisioner.survey;

import java.util.List;

/** Whose host keys were learnt. */
public interface KeyBook {
    /**
     * The keys on the way to a host that this process has learnt at first contact: the host's, unless its spec pins one, and its
     * jump host's. Who learnt one in an earlier run does not know any more that it did. Returns at once.
     */
    default List<LearntKey> learnt(HostAccess access) {
        return List.of();
    }
}
