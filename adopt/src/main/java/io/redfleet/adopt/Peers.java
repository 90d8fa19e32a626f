package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.List;

/** Asks nodes, each on a connection of its own that ends with the last answer. */
public interface Peers {
    /** Sends these questions and no others, after the login of that kind of node where there is one. Does not throw. */
    Heard ask(Endpoint node, Kind kind, List<Question> questions);

    /** Whose login is used. */
    enum Kind {
        SENTINEL,
        REDIS
    }

    /** What came of it. */
    sealed interface Heard {}

    /**
     * An answer to each question, in their order.
     *
     * @param guarded whether it took a password; one that takes none says so
     */
    record Said(boolean guarded, List<Answer> answers) implements Heard {
        public Said {
            answers = List.copyOf(answers);
        }
    }

    /** Not all was answered; why, as the end of a sentence that begins with the node. */
    record Away(String why) implements Heard {}
}
