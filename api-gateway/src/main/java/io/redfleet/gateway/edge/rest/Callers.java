package io.redfleet.gateway.edge.rest;

import io.redfleet.gateway.access.Caller;
import jakarta.ws.rs.container.ContainerRequestContext;

/** Carries the caller from the filter that knew it to the resource that asks. */
final class Callers {
    private static final String KEY = "io.redfleet.caller";

    private Callers() {}

    static void set(ContainerRequestContext request, Caller caller) {
        request.setProperty(KEY, caller);
    }

    static boolean known(ContainerRequestContext request) {
        return request.getProperty(KEY) instanceof Caller;
    }

    static Caller of(ContainerRequestContext request) {
        if (request.getProperty(KEY) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("no caller: the guard did not see this request");
    }
}
