package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.wire.Problem;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Whatever goes wrong, in the form of RFC 9457. */
public final class Problems {
    static final String TYPE = "application/problem+json";

    private static final Logger LOG = Logger.getLogger(Problems.class);

    static Response response(Problem problem, Map<String, String> headers) {
        Response.ResponseBuilder response =
                Response.status(problem.status()).type(TYPE).entity(json(problem));
        headers.forEach(response::header);
        return response.build();
    }

    static String json(Problem problem) {
        ObjectNode body = Codec.mapper().createObjectNode();
        body.put("type", "about:blank");
        body.put("title", problem.title());
        body.put("status", problem.status());
        body.put("detail", problem.detail());
        if (!problem.errors().isEmpty()) {
            body.set("errors", Codec.mapper().valueToTree(problem.errors()));
        }
        return body.toString();
    }

    @ServerExceptionMapper
    Response problem(ProblemException e) {
        return response(e.problem(), e.headers());
    }

    /** What the framework refuses by itself: no such path, wrong method, wrong media type. */
    @ServerExceptionMapper
    Response refusedByFramework(WebApplicationException e) {
        int status = e.getResponse().getStatus();
        if (status == 404 && e.getCause() != null) {
            // The framework's word for a parameter of the wrong type.
            return response(Problem.of(400, title(400), "A parameter of this path could not be read"), Map.of());
        }
        String allow = e.getResponse().getHeaderString("Allow");
        Map<String, String> headers = allow == null ? Map.of() : Map.of("Allow", allow);
        return response(Problem.of(status, title(status), detail(status)), headers);
    }

    /** A bug: the log has the stack under the number that the caller is given. */
    @ServerExceptionMapper
    Response bug(Throwable e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return response(Problem.of(503, "Not available now", "The gateway is stopping"), Map.of());
        }
        String number = UUID.randomUUID().toString();
        LOG.errorf(e, "request failed, incident %s", number);
        return response(Problem.of(500, "Internal error", "The gateway's log says more under " + number), Map.of());
    }

    static String title(int status) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return known == null ? "Error" : known.getReasonPhrase();
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request could not be understood";
            case 404 -> "Nothing is found at this path; /q/openapi lists what there is";
            case 405 -> "This path does not know this method";
            case 406 -> "None of the media types that were asked for can be given";
            case 413 -> "The body is larger than " + Bodies.MOST_BYTES + " bytes";
            case 415 ->
                "This media type is not read here: send application/json" + " (a spec may also be application/yaml)";
            default -> title(status);
        };
    }
}
