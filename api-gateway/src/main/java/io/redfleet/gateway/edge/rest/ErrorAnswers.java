package io.redfleet.gateway.edge.rest;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** Writes the errors that every call shares into the API's document, once, instead of at every method. */
@OpenApiFilter
public class ErrorAnswers implements OASFilter {
    private static final String PROBLEM = "#/components/schemas/Problem";
    private static final Map<String, String> SHARED = Map.of(
            "400", "The request could not be understood; detail names the place",
            "401", "No token, or none that is known and live",
            "403", "The token's role or scope does not reach",
            "404", "Not there, or not in the token's scope",
            "429", "Too many at once; Retry-After says when to ask again",
            "503", "Kafka or a service is away; Retry-After says when to try again");

    @Override
    public Operation filterOperation(Operation operation) {
        SHARED.forEach((status, description) -> {
            if (!operation.getResponses().hasAPIResponse(status)) {
                operation.getResponses().addAPIResponse(status, problem(description));
            }
        });
        operation.getResponses().getAPIResponses().forEach((status, response) -> {
            if (status.compareTo("400") >= 0 && response.getContent() == null) {
                response.setContent(problem("").getContent());
            }
        });
        return operation;
    }

    @Override
    public void filterOpenAPI(OpenAPI api) {
        Schema text = OASFactory.createSchema().type(List.of(Schema.SchemaType.STRING));
        Schema violation = OASFactory.createSchema()
                .type(List.of(Schema.SchemaType.OBJECT))
                .addProperty("field", text)
                .addProperty("value", text)
                .addProperty("rule", text);
        api.getComponents()
                .addSchema(
                        "Problem",
                        OASFactory.createSchema()
                                .type(List.of(Schema.SchemaType.OBJECT))
                                .description("RFC 9457; errors lists each broken rule of a request")
                                .addProperty("type", text)
                                .addProperty("title", text)
                                .addProperty(
                                        "status", OASFactory.createSchema().type(List.of(Schema.SchemaType.INTEGER)))
                                .addProperty("detail", text)
                                .addProperty(
                                        "errors",
                                        OASFactory.createSchema()
                                                .type(List.of(Schema.SchemaType.ARRAY))
                                                .items(violation)));
    }

    private static APIResponse problem(String description) {
        return OASFactory.createAPIResponse()
                .description(description)
                .content(OASFactory.createContent()
                        .addMediaType(
                                Problems.TYPE,
                                OASFactory.createMediaType()
                                        .schema(OASFactory.createSchema().ref(PROBLEM))));
    }
}
