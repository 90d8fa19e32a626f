package io.redfleet.gateway.edge.rest;

import io.redfleet.contracts.access.Role;
import io.redfleet.gateway.access.Caller;
import io.redfleet.gateway.live.Feed;
import io.redfleet.gateway.live.Happening;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.live.Vector;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happens, as it happens. */
@Path("/api/v1/events/stream")
@Tag(name = "events")
public class StreamApi {
    private final Fleet fleet;
    private final Hub hub;
    private final Streams streams;

    public StreamApi(Fleet fleet, Hub hub, Streams streams) {
        this.fleet = fleet;
        this.hub = hub;
        this.streams = streams;
    }

    @GET
    @Needs(Role.VIEWER)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Follow events",
            description = "Server-sent events, from now on or from Last-Event-ID on without a"
                    + " gap. The id of each is the vector of"
                    + " next offsets, so any gateway can carry on; 'event' is the short"
                    + " type, 'data' the event in the shape"
                    + " of GET /events. A listener that reads too slowly is cut and can come"
                    + " back. A comment every 15 s"
                    + " shows that the line is alive.")
    @APIResponse(responseCode = "200", description = "The stream")
    @APIResponse(responseCode = "429", description = "This token has as many streams open as one may have")
    @APIResponse(responseCode = "503", description = "Too many listeners")
    public void stream(
            @Parameter(description = "Only events of this cluster") @QueryParam("cluster") @Nullable String cluster,
            @Parameter(description = "Only types that begin so, as failover. or instance.down")
                    @QueryParam("type")
                    @Nullable
                    String type,
            @Parameter(description = "The id of the last event that was received")
                    @HeaderParam("Last-Event-ID")
                    @Nullable
                    String lastId,
            @Context ContainerRequestContext request,
            @Context HttpServerResponse answer,
            @Context SseEventSink sink,
            @Context Sse sse) {
        Caller caller = Callers.of(request);
        if (cluster != null && !cluster.equals("_fleet")) {
            fleet.cluster(fleet.board(), caller, cluster);
        }
        Predicate<Happening> wanted = happening -> (cluster == null || cluster.equals(happening.cluster()))
                && (type == null || happening.type().startsWith(type))
                && fleet.sees(caller, happening.cluster(), happening.uid());
        Optional<Vector> from = Optional.empty();
        if (lastId != null && !lastId.isBlank()) {
            from = Vector.parse(lastId.strip());
            if (from.isEmpty()) {
                throw ProblemException.bad("Last-Event-ID is the id of an event of this stream, as 0:12,1:7");
            }
        }
        Streams.Place place = streams.place(caller).orElseThrow(StreamApi::enough);
        Feed feed;
        try {
            feed = from.map(last -> rejoin(wanted, last))
                    .orElseGet(() -> hub.join(wanted).orElseThrow(StreamApi::full));
        } catch (ProblemException full) {
            place.close();
            throw full;
        }
        streams.pump(feed, new Streams.Line(sink, sse, answer::headWritten), place);
    }

    private Feed rejoin(Predicate<Happening> wanted, Vector from) {
        Hub.Return back = hub.rejoin(wanted, from).orElseThrow(StreamApi::full);
        streams.replay(back);
        return back.feed();
    }

    private static ProblemException enough() {
        return Guard.tooMany("This token has as many streams open as one may have", Duration.ofSeconds(5));
    }

    private static ProblemException full() {
        return ProblemException.away("As many listeners as this gateway takes are here already");
    }
}
