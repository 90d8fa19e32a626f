package io.redfleet.alert.incident;

import io.redfleet.contracts.alert.Severity;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.OperationEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What one event means for incidents. */
sealed interface Reading {
    /**
     * Something is wrong from now on.
     *
     * @param trouble what has to be mended again
     * @param cause what the incident is called if this opens one
     */
    record Breaks(Trouble trouble, Trouble cause, Severity severity) implements Reading {
        static Breaks of(Trouble trouble) {
            return of(trouble, trouble.kind().severity());
        }

        static Breaks of(Trouble trouble, Severity severity) {
            return new Breaks(trouble, trouble, severity);
        }
    }

    /**
     * These are well again.
     *
     * @param story where none of them was broken, the event belongs to the story of these, if anybody waits for them
     */
    record Mends(List<Trouble> troubles, List<Trouble> story) implements Reading {
        public Mends {
            troubles = List.copyOf(troubles);
            story = List.copyOf(story);
        }

        static Mends of(Trouble... troubles) {
            return new Mends(List.of(troubles), List.of());
        }
    }

    /**
     * All of these kinds are over.
     *
     * @param on the instance; empty for the whole cluster
     */
    record MendsEvery(Set<TroubleKind> kinds, String on) implements Reading {
        public MendsEvery {
            kinds = Set.copyOf(kinds);
        }

        boolean includes(Trouble trouble) {
            return kinds.contains(trouble.kind())
                    && (on.isEmpty() || trouble.place().equals(on));
        }
    }

    /**
     * These are no members any more: nobody watches them, so that no end of theirs would ever be told.
     *
     * @param hosts those of which nothing stays
     */
    record Leaves(Set<String> instances, Set<String> hosts) implements Reading {
        /** A kind of operation may be called like a host. */
        private static final Set<TroubleKind> OF_HOSTS =
                Set.of(TroubleKind.HOST_UNREACHABLE, TroubleKind.HOST_KEY_CHANGED, TroubleKind.CHECK_FAILED);

        public Leaves {
            instances = Set.copyOf(instances);
            hosts = Set.copyOf(hosts);
        }

        static Leaves of(OperationEvent.MembersLeft left) {
            Set<String> instances =
                    left.instances().stream().map(InstanceId::value).collect(Collectors.toSet());
            return new Leaves(instances, Set.copyOf(left.hosts()));
        }

        boolean includes(Trouble trouble) {
            return instances.contains(trouble.place())
                    || (OF_HOSTS.contains(trouble.kind()) && hosts.contains(trouble.place()));
        }
    }

    /** The cluster serves again under another master: what is still down is no longer a lost master. */
    record Settles(Trouble trouble) implements Reading {}

    /** Belongs to the story of a trouble and changes nothing. */
    record Touches(Trouble trouble) implements Reading {}

    /** The cluster is gone, and every incident on it. */
    record EndsAll() implements Reading {}

    record Nothing(String why) implements Reading {}
}
