package io.redfleet.gateway.edge.rest;

import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The head of the API's document. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Redfleet",
                        version = "v1",
                        description = "Redis high availability for a fleet of clusters on plain Linux hosts."
                                + " Every call carries a token:"
                                + " Authorization: Bearer rf_... Errors are application/problem+json"
                                + " (RFC 9457). Lists come in pages:"
                                + " pass 'next' as ?after=. A write answers once it can be read back;"
                                + " after 10 s it answers 202 with"
                                + " state 'pending'. An Idempotency-Key makes a retry of a POST, PUT or DELETE the"
                                + " same order; POST /tokens and dry runs take none.",
                        license = @License(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")),
        security = @SecurityRequirement(name = "token"),
        tags = {
            @Tag(name = "clusters", description = "What clusters should be, and what they are"),
            @Tag(name = "instances", description = "Monit's verbs for one redis-server or redis-sentinel"),
            @Tag(name = "status", description = "Monit's two views, as JSON or in Monit's own layout"),
            @Tag(name = "operations", description = "Work on clusters, step by step"),
            @Tag(name = "failovers", description = "Changes of master, planned or not"),
            @Tag(name = "events", description = "What happened, and what happens"),
            @Tag(name = "alerts", description = "Incidents: one for each cause"),
            @Tag(name = "fleet", description = "The whole, and its brake"),
            @Tag(name = "access", description = "Tokens and their roles")
        })
@SecurityScheme(
        securitySchemeName = "token",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "A token; the first admin token lies in REDFLEET_HOME/credentials/admin-token")
public class Api extends Application {}
