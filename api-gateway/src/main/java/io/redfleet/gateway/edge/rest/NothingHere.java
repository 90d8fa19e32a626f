package io.redfleet.gateway.edge.rest;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.redfleet.contracts.wire.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Errors that never reach a resource, in the same form as all others. */
@Singleton
public class NothingHere {
    /** Before the server's own check of the body's length, which answers without a body. */
    private static final int FIRST = 10_000;

    void filters(@Observes Filters filters) {
        filters.register(NothingHere::refuseLargeBodies, FIRST);
    }

    void routes(@Observes Router router) {
        router.route().last().handler(context -> end(context, Problem.notFound("Nothing is found at this path")));
    }

    private static void refuseLargeBodies(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && tooLong(length)) {
            context.response().putHeader(HttpHeaders.CONNECTION, "close");
            end(context, Bodies.tooLarge().problem());
        } else {
            context.next();
        }
    }

    private static boolean tooLong(String length) {
        try {
            return Long.parseLong(length) > Bodies.MOST_BYTES;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static void end(RoutingContext context, Problem problem) {
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problems.TYPE)
                .end(Problems.json(problem));
    }
}
