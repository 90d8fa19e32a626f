package io.redfleet.gateway.edge.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses a query parameter that the call does not have. Passed over in silence, {@code ?dryrun=true} would apply what
 * was only to be looked at, and {@code ?clutser=orders} would show the whole fleet.
 */
public final class KnownWords {
    /** After the guard: a stranger is told nothing about what a call takes. */
    @ServerRequestFilter
    @Priority(Priorities.USER)
    public void look(ContainerRequestContext request, ResourceInfo target) {
        if (!request.getUriInfo().getPath().startsWith("/api")) {
            return;
        }
        SortedSet<String> known = of(target.getResourceMethod());
        request.getUriInfo().getQueryParameters().forEach((word, values) -> {
            if (!known.contains(word)) {
                String rule = known.isEmpty()
                        ? "not known: this call takes no query parameters"
                        : "not known: this call takes " + String.join(", ", known);
                throw Query.unknown(word, String.join(", ", values), rule);
            }
        });
    }

    /** What the method binds, and what it reads from the address itself and names in the API's document. */
    private static SortedSet<String> of(Method method) {
        Stream<String> bound = Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(QueryParam.class))
                .map(parameter -> parameter.getAnnotation(QueryParam.class).value());
        Stream<String> read = Arrays.stream(method.getAnnotationsByType(Parameter.class))
                .filter(parameter -> parameter.in() == ParameterIn.QUERY)
                .map(Parameter::name);
        return Stream.concat(bound, read).collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
    }
}
