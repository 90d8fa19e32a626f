package io.redfleet.provisioner.order;

import io.redfleet.contracts.wire.Order;
import io.redfleet.contracts.wire.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What orders were told that left no operation behind, so that the same command is told the same again. Thread-safe:
 * questions are answered on threads of their own. An answer with a body is not kept: it was a question, and asking again
 * changes nothing.
 */
final class Answers {
    /** A caller sends again within minutes; at a hundred orders a minute this is ten of them. */
    private static final int REMEMBERED = 1_000;

    private final Map<String, Outcome.Result> given = new LinkedHashMap<>();

    synchronized void remember(Order order, Outcome.Result result) {
        switch (result) {
            case Outcome.Accepted accepted -> given.putIfAbsent(key(order), accepted);
            case Outcome.Refused refused -> given.putIfAbsent(key(order), refused);
            case Outcome.Answered answered -> {}
        }
        if (given.size() > REMEMBERED) {
            given.remove(given.keySet().iterator().next());
        }
    }

    synchronized Optional<Outcome.Result> to(Order order) {
        return Optional.ofNullable(given.get(key(order)));
    }

    private static String key(Order order) {
        return order.cluster() + "/" + order.id();
    }
}
