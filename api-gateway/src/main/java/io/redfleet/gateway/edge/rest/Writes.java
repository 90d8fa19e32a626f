package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.operation.OperationId;
import io.redfleet.contracts.wire.Request;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.order.Ask;
import io.redfleet.gateway.order.Desk;
import io.redfleet.gateway.order.Reply;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Orders by HTTP: places them and words the answers. */
public final class Writes {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final Desk desk;

    public Writes(Desk desk) {
        this.desk = desk;
    }

    /**
     * For what ends as an operation, or as nothing to do.
     *
     * @param waits whether it takes its turn behind an operation that is in the way
     */
    Response operation(Caller caller, ClusterName cluster, Request request, @Nullable String key, boolean waits)
            throws InterruptedException {
        return operation(new Ask(cluster, caller.actor(), request, checked(key), waits));
    }

    /** The same, for an order that says more than its caller did. */
    Response operation(Ask ask) throws InterruptedException {
        checked(ask.idempotencyKey());
        Response unchanged =
                Response.ok(new Written(ask.cluster(), null, "unchanged", null)).build();
        return answer(ask, body -> unchanged);
    }

    /** For what is answered at once: with this body if the views show it. */
    Response answer(
            Caller caller,
            ClusterName cluster,
            Request request,
            @Nullable String key,
            Function<String, Response> answered)
            throws InterruptedException {
        return answer(new Ask(cluster, caller.actor(), request, checked(key)), answered);
    }

    /** The same, for an order that may say that it waits. */
    Response answer(Ask ask, Function<String, Response> answered) throws InterruptedException {
        ClusterName cluster = ask.cluster();
        Reply reply = desk.place(ask);
        return switch (reply) {
            case Reply.Accepted accepted -> accepted(cluster, accepted.operation());
            case Reply.Answered done -> answered.apply(done.body());
            case Reply.Refused refused -> throw new ProblemException(refused.problem());
            case Reply.Pending pending -> pending(cluster, pending);
            case Reply.Away away -> throw ProblemException.away(away.reason());
        };
    }

    /** For a question that a service answers live: no answer in time is an error. */
    Response question(Caller caller, ClusterName cluster, Request request) throws InterruptedException {
        return json(asked(caller, cluster, request));
    }

    /** The body of such an answer. */
    String asked(Caller caller, ClusterName cluster, Request request) throws InterruptedException {
        Reply reply = desk.place(new Ask(cluster, caller.actor(), request, null));
        return switch (reply) {
            case Reply.Answered done -> done.body();
            case Reply.Refused refused -> throw new ProblemException(refused.problem());
            case Reply.Pending pending ->
                throw ProblemException.away("The " + request.to().word() + " has not answered in time");
            case Reply.Away away -> throw ProblemException.away(away.reason());
            case Reply.Accepted accepted ->
                throw new IllegalStateException("a question was answered with an operation: " + request);
        };
    }

    static Response json(String body) {
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE).build();
    }

    /** Where to ask again: the operation if there is one, what became of the write otherwise. */
    private static Response pending(ClusterName cluster, Reply.Pending pending) {
        OperationId operation = pending.operation().orElse(null);
        String there = operation == null ? "commands/" + pending.command() : "operations/" + operation;
        return Response.accepted(new Written(cluster, operation, "pending", pending.command()))
                .header("Location", "/api/v1/" + there)
                .header("Retry-After", 1)
                .build();
    }

    private static Response accepted(ClusterName cluster, OperationId operation) {
        return Response.accepted(new Written(cluster, operation, "accepted", null))
                .header("Location", "/api/v1/operations/" + operation)
                .build();
    }

    static @Nullable String checked(@Nullable String key) {
        if (key != null && !KEY.matcher(key).matches()) {
            throw ProblemException.bad("An Idempotency-Key has 1 to 255 visible characters");
        }
        return key;
    }
}
