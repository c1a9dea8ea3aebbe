package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.AnswerHeaders;
import io.liveness.gateway.platform.RequestId;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** What the contract says the same way everywhere, added when it is made at build time. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ContractFilter implements OASFilter {

    private static final List<String> HEADERS_OF_EVERY_ANSWER = List.of(
            RequestId.HEADER,
            AnswerHeaders.CACHE_CONTROL,
            AnswerHeaders.CONTENT_TYPE_OPTIONS,
            "RateLimit-Policy",
            "RateLimit");

    /** Schemas that are no more than a format, which is said where it is used: generators make a needless type of each. */
    private static final Map<String, String> FORMATS = Map.of("Instant", "date-time", "UUID", "uuid");

    @Override
    public APIResponse filterAPIResponse(APIResponse response) {
        if (response.getRef() == null) {
            HEADERS_OF_EVERY_ANSWER.forEach(
                    name -> response.addHeader(name, OASFactory.createHeader().ref(name)));
        }
        return response;
    }

    @Override
    public Schema filterSchema(Schema schema) {
        String name = schema.getRef() == null
                ? ""
                : schema.getRef().substring(schema.getRef().lastIndexOf('/') + 1);
        String format = FORMATS.get(name);
        if (format != null) {
            schema.setRef(null);
            schema.setType(List.of(Schema.SchemaType.STRING));
            schema.setFormat(format);
        } else if (schema.getRef() != null) {
            // The type is the referenced schema's business.
            schema.setType(null);
        }
        return schema;
    }

    @Override
    public void filterOpenAPI(OpenAPI contract) {
        FORMATS.keySet().forEach(contract.getComponents()::removeSchema);
        SharedParts parts = new SharedParts(contract.getComponents());
        contract.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().forEach((method, operation) -> {
                    parts.writeInto(operation);
                    CommonResponses.addTo(path, method, operation);
                    sortResponses(operation);
                }));
        parts.remove();
    }

    private static void sortResponses(Operation operation) {
        APIResponses responses = operation.getResponses();
        responses.setAPIResponses(new TreeMap<>(responses.getAPIResponses()));
    }
}
