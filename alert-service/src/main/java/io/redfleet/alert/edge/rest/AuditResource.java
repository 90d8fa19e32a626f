package io.redfleet.alert.edge.rest;

import io.redfleet.alert.audit.AuditQuery;
import io.redfleet.alert.edge.store.Schema;
import io.redfleet.alert.edge.store.Store;
import io.redfleet.alert.edge.store.StoreAway;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.wire.Problem;
import io.redfleet.contracts.wire.Violation;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /audit}: newest first, page by page. The shared key is the bearer token. {@code POST /audit} asks the same for some
 * clusters only, whose uids are the body, one a line: a page that was thinned out afterwards would tell by its gaps what is
 * hidden.
 */
@Path("/audit")
public final class AuditResource {
    private static final String BEARER = "Bearer ";

    private static final String PROBLEM = "application/problem+json";

    private final Store store;
    private final Schema schema;
    private final SharedKey key;

    public AuditResource(Store store, Schema schema, SharedKey key) {
        this.store = store;
        this.schema = schema;
        this.key = key;
    }

    /** What is asked, as it stands in the address; an empty word means any. */
    public static final class Words {
        @QueryParam("cluster")
        @DefaultValue("")
        String cluster = "";

        @QueryParam("type")
        @DefaultValue("")
        String type = "";

        @QueryParam("actor")
        @DefaultValue("")
        String actor = "";

        @QueryParam("correlation")
        @DefaultValue("")
        String correlation = "";

        @QueryParam("from")
        @DefaultValue("")
        String from = "";

        @QueryParam("to")
        @DefaultValue("")
        String to = "";

        @QueryParam("limit")
        @DefaultValue("")
        String limit = "";

        @QueryParam("after")
        @DefaultValue("")
        String after = "";
    }

    @GET
    @Blocking
    @Produces(MediaType.APPLICATION_JSON)
    public Response audit(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @DefaultValue("") String offered, @BeanParam Words words) {
        return answer(offered, words, null);
    }

    @POST
    @Blocking
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.APPLICATION_JSON)
    public Response auditOfSome(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @DefaultValue("") String offered,
            @BeanParam Words words,
            String uids) {
        return answer(
                offered,
                words,
                uids.lines().map(String::strip).filter(uid -> !uid.isEmpty()).toList());
    }

    private Response answer(String offered, Words words, @Nullable List<String> uids) {
        if (!offered.startsWith(BEARER) || !key.is(offered.substring(BEARER.length()))) {
            return problem(Problem.of(401, "Unauthorized", "the bearer token is not the key that the gateway has"));
        }
        AuditQuestion question = new AuditQuestion();
        AuditQuery query = new AuditQuery(
                words.cluster,
                words.type,
                words.actor,
                words.correlation,
                question.moment("from", words.from),
                question.moment("to", words.to),
                question.limit(words.limit),
                question.after(words.after),
                question.uids(uids));
        if (!question.wrong().isEmpty()) {
            return problem(bad(question.wrong()));
        }
        try {
            schema.ready();
            byte[] body = Codec.bytes(
                    AuditItems.of(store.inTransaction(tx -> tx.search().find(query))));
            return Response.ok(body).build();
        } catch (StoreAway e) {
            return problem(Problem.of(503, "Audit trail away", "the database does not answer; try again"));
        }
    }

    private static Problem bad(List<Violation> wrong) {
        String detail =
                wrong.stream().map(one -> one.field() + " is " + one.rule()).collect(Collectors.joining("; "));
        return new Problem(400, "Bad question", detail, wrong);
    }

    private static Response problem(Problem problem) {
        return Response.status(problem.status())
                .type(PROBLEM)
                .entity(Codec.bytes(problem))
                .build();
    }
}
