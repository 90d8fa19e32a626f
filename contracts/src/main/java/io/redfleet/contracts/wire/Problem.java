package io.redfleet.contracts.wire;

import java.util.List;

/**
 * Why something was not done, in the terms of RFC 9457.
 *
 * @param status the HTTP status that says it best
 * @param title the same for every occurrence of this kind
 * @param detail what is special about this one
 * @param errors the rules broken; empty unless the request itself was wrong
 */
public record Problem(int status, String title, String detail, List<Violation> errors) {
    public Problem {
        errors = List.copyOf(errors);
    }

    public static Problem of(int status, String title, String detail) {
        return new Problem(status, title, detail, List.of());
    }

    public static Problem conflict(String detail) {
        return of(409, "Conflict", detail);
    }

    public static Problem notFound(String what) {
        return of(404, "Not found", what);
    }

    public static Problem invalid(List<Violation> errors) {
        return new Problem(422, "Invalid request", errors.size() + " rule(s) broken", errors);
    }
}
