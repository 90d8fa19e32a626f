package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.redfleet.gateway.access.Shown;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem. Only within this package: the core hands problems on as values. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.title(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    static ProblemException notFound(String what) {
        return new ProblemException(Problem.notFound(what));
    }

    static ProblemException bad(String detail) {
        return new ProblemException(Problem.of(400, "Bad request", detail));
    }

    /** 422: one rule of the body is broken. Field and value are shown as they came, but short. */
    static ProblemException broken(String field, String value, String rule) {
        return new ProblemException(Problem.invalid(List.of(new Violation(Shown.of(field), Shown.of(value), rule))));
    }

    /** 503: the same request may be tried again. */
    static ProblemException away(String detail) {
        return new ProblemException(Problem.of(503, "Not available now", detail), Map.of("Retry-After", "2"));
    }

    Problem problem() {
        return problem;
    }

    Map<String, String> headers() {
        return headers;
    }
}
