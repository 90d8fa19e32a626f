package io.redfleet.gateway.edge.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.access.Secret;
import io.redfleet.gateway.access.Shown;
import io.redfleet.gateway.access.Tokens;
import io.redfleet.gateway.board.Page;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens: who has one, a new one, the end of one. */
@Path("/api/v1/tokens")
@Tag(name = "access")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class TokensApi {
    private static final List<String> FIELDS = List.of("name", "role", "labels", "expires", "host");
    private static final Pattern LIFE = Pattern.compile("([0-9]{1,6})([mhdw])");

    private final TokenDesk desk;
    private final Fleet fleet;

    public TokensApi(TokenDesk desk, Fleet fleet) {
        this.desk = desk;
        this.fleet = fleet;
    }

    /** A token without what makes it one. */
    public record Line(
            String id,
            String name,
            Role role,
            Map<String, String> labels,
            Instant createdAt,
            @Nullable Instant revokedAt,
            @Nullable Instant expiresAt,
            @Nullable String host) {
        static Line of(TokenRecord token) {
            return new Line(
                    token.id(),
                    token.name(),
                    token.role(),
                    token.labels(),
                    token.createdAt(),
                    token.revokedAt(),
                    token.expiresAt(),
                    token.reporter() == null ? null : token.reporter().toString());
        }
    }

    /** A new token, shown this once. */
    public record Made(
            String id,
            String name,
            Role role,
            Map<String, String> labels,
            @Nullable Instant expiresAt,
            String token) {
        @Override
        public String toString() {
            return "Made[" + id + ", ***]";
        }
    }

    @GET
    @Needs(Role.ADMIN)
    @Operation(
            summary = "List tokens",
            description =
                    "All tokens in scope, revoked ones included, oldest first. The tokens themselves are kept nowhere.")
    public Page<Line> list(@Context ContainerRequestContext request) {
        Caller caller = Callers.of(request);
        return Page.whole(
                desk.all().stream()
                        .filter(token -> covers(caller, token))
                        .sorted(Comparator.comparing(TokenRecord::createdAt))
                        .map(Line::of)
                        .toList(),
                fleet.stale());
    }

    @POST
    @Needs(Role.ADMIN)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Make a token",
            description = "Body: {\"name\", \"role\": \"viewer|operator|admin\", \"labels\": {}, \"expires\": \"90d\"},"
                    + " or, for the Monit of one host, {\"name\", \"role\": \"reporter\", \"host\": \"CLUSTER/HOST\"}."
                    + " Labels narrow it to the clusters that carry all of them;"
                    + " without expires (m, h, d, w) it opens"
                    + " until it is revoked. The answer holds the token, which is kept nowhere: only a retry"
                    + " with the same Idempotency-Key gives it once more. Without a key, if the answer was"
                    + " lost, a retry says 409 with the id of the token that has the name: revoke that one and"
                    + " make another.")
    @APIResponse(
            responseCode = "201",
            description = "The token",
            content = @Content(schema = @Schema(implementation = Made.class)))
    @APIResponse(responseCode = "409", description = "A live token has this name; detail has its id if it is in scope")
    @APIResponse(responseCode = "422", description = "A rule is broken, or the Idempotency-Key was used for another")
    public Response create(
            @HeaderParam("Idempotency-Key") @Nullable String key,
            @Context ContainerRequestContext request,
            InputStream body)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        Tokens.Wanted wanted = Bodies.object(body, object -> wanted(object, caller));
        Secret secret = desk.secret(caller, Writes.checked(key));
        TokenRecord made = desk.make(
                existing -> allowed(Tokens.create(wanted, secret, caller, existing, desk.now())), caller.actor());
        return Response.status(Response.Status.CREATED)
                .header("Location", "/api/v1/tokens/" + made.id())
                .entity(new Made(made.id(), made.name(), made.role(), made.labels(), made.expiresAt(), secret.reveal()))
                .build();
    }

    @DELETE
    @Path("{id}")
    @Needs(Role.ADMIN)
    @Operation(
            summary = "Revoke a token",
            description = "For good: here at once, on every other gateway as soon as it has read of it. The last admin"
                    + " token of the whole fleet cannot be revoked.")
    public Line revoke(@PathParam("id") String id, @Context ContainerRequestContext request)
            throws InterruptedException {
        Caller caller = Callers.of(request);
        TokenRecord revoked =
                allowed(Tokens.revoke(Shown.of(id), token -> covers(caller, token), desk.all(), desk.now()));
        if (!desk.all().contains(revoked)) {
            desk.revoke(revoked, caller.actor());
        }
        return Line.of(revoked);
    }

    /** The token of a host's Monit is its cluster's, whose labels may have changed since it was made. */
    private boolean covers(Caller caller, TokenRecord token) {
        Reporter reporter = token.reporter();
        return Optional.ofNullable(reporter)
                .flatMap(of -> fleet.board()
                        .cluster(of.cluster())
                        .filter(cluster -> cluster.uid().equals(of.uid())))
                .map(cluster -> caller.covers(cluster.spec().labels()))
                .orElseGet(() -> caller.covers(token.labels()));
    }

    private static TokenRecord allowed(Tokens.Answer answer) {
        return switch (answer) {
            case Tokens.Answer.Allowed allowed -> allowed.record();
            case Tokens.Answer.Denied denied -> throw new ProblemException(denied.problem());
        };
    }

    private Tokens.Wanted wanted(ObjectNode body, Caller caller) {
        Bodies.known(body, FIELDS);
        String name = Bodies.text(body, "name");
        Role role = role(body.path("role"));
        Map<String, String> labels = labels(body.path("labels"));
        Duration life = life(body.path("expires"));
        String host = Bodies.text(body, "host");
        if (role != Role.REPORTER && host.isEmpty()) {
            return new Tokens.Wanted(name, role, labels, life);
        }
        if (role != Role.REPORTER || !labels.isEmpty()) {
            String rule = "the role reporter is for the Monit of one host, named by host alone";
            throw ProblemException.broken(role == Role.REPORTER ? "labels" : "host", host, rule);
        }
        return reporter(name, life, host, caller);
    }

    /** It lies in the scope of its cluster, so that whoever rules that sees it and can end it. */
    private Tokens.Wanted reporter(String name, @Nullable Duration life, String host, Caller caller) {
        String[] parts = host.split("/", -1);
        if (parts.length != 2) {
            throw ProblemException.broken("host", host, "CLUSTER/HOST, as orders/r1");
        }
        ClusterState cluster = fleet.cluster(fleet.board(), caller, parts[0]);
        HostName known = cluster.spec().hosts().stream()
                .map(HostSpec::name)
                .filter(one -> one.value().equals(parts[1]))
                .findFirst()
                .orElseThrow(() -> ProblemException.broken("host", host, "a host of the cluster's spec"));
        Reporter reporter = new Reporter(cluster.name(), cluster.uid(), known);
        return new Tokens.Wanted(name, Role.REPORTER, cluster.spec().labels(), life, reporter);
    }

    private static @Nullable Duration life(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        Matcher life = LIFE.matcher(node.asText(""));
        if (!life.matches()) {
            throw ProblemException.broken(
                    "expires", node.asText(""), "a number and m, h, d or w, as 90d; left out: never");
        }
        long count = Long.parseLong(life.group(1));
        return switch (Objects.requireNonNull(life.group(2))) {
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofDays(7 * count);
        };
    }

    private static Role role(JsonNode node) {
        for (Role role : Role.values()) {
            if (role.name().equalsIgnoreCase(node.asText(""))) {
                return role;
            }
        }
        throw ProblemException.broken("role", node.asText(""), "viewer, operator, admin or reporter");
    }

    private static Map<String, String> labels(JsonNode node) {
        Map<String, String> labels = new TreeMap<>();
        if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
            throw ProblemException.broken("labels", node.toString(), "an object of strings");
        }
        node.properties().forEach(label -> {
            if (!label.getValue().isTextual()) {
                String field = "labels." + label.getKey();
                throw ProblemException.broken(field, label.getValue().toString(), "a string");
            }
            labels.put(label.getKey(), label.getValue().textValue());
        });
        return labels;
    }
}
