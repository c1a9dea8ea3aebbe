package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.junit.jupiter.api.Test;

/** The filter's additions to the operations of resources. */
class ContractFilterTest {

    private final OpenAPI contract =
            OASFactory.createOpenAPI().components(OASFactory.createComponents()).paths(OASFactory.createPaths());

    @Test
    void a_secured_operation_gets_the_common_refusals_in_order() {
        Operation read = operation(HttpMethod.GET, "/v1/things/{id}");
        read.addParameter(parameter("id", Parameter.In.PATH));
        read.getResponses().addAPIResponse("200", withContent());

        filter();

        assertThat(read.getResponses().getAPIResponses().keySet())
                .containsExactly("200", "400", "401", "403", "404", "406", "413", "429", "431", "500", "503");
    }

    @Test
    void refusals_that_an_operation_cannot_give_are_left_out() {
        Operation list = operation(HttpMethod.GET, "/v1/things");
        Operation set = operation(HttpMethod.PUT, "/v1/things/{id}");
        set.setRequestBody(OASFactory.createRequestBody());

        filter();

        assertThat(list.getResponses().getAPIResponses()).doesNotContainKeys("400", "404", "406", "415");
        assertThat(set.getResponses().getAPIResponses())
                .containsKeys("400", "415")
                .doesNotContainKeys("404", "406");
    }

    @Test
    void an_operation_keeps_the_refusals_it_names_itself() {
        Operation read = operation(HttpMethod.GET, "/v1/things");
        read.getResponses().addAPIResponse("503", OASFactory.createAPIResponse().ref("Busy"));

        filter();

        assertThat(read.getResponses().getAPIResponse("503").getRef()).endsWith("/Busy");
    }

    @Test
    void a_bare_refusal_of_the_framework_is_replaced() {
        Operation read = operation(HttpMethod.GET, "/v1/things");
        read.getResponses().addAPIResponse("401", OASFactory.createAPIResponse().description("Not Authorized"));

        filter();

        assertThat(read.getResponses().getAPIResponse("401").getRef()).endsWith("/Unauthenticated");
    }

    @Test
    void a_public_operation_gets_no_common_refusals() {
        Operation open = operation(HttpMethod.GET, "/v1/return");
        open.setSecurity(List.of());

        filter();

        assertThat(open.getResponses().getAPIResponses()).isEmpty();
    }

    @Test
    void parameters_bodies_and_successful_answers_are_written_into_the_operation() {
        contract.getComponents()
                .addParameter("ThingName", parameter("name", Parameter.In.QUERY).description("Its name."))
                .addParameter("ThingId", parameter("id", Parameter.In.PATH))
                .addRequestBody("Thing", OASFactory.createRequestBody().description("It."))
                .addResponse("Thing", withContent())
                .addResponse("Gone", withContent());
        Operation change = operation(HttpMethod.POST, "/v1/things/{id}");
        change.addParameter(parameter("name", Parameter.In.QUERY));
        change.addParameter(OASFactory.createParameter().ref("ThingName"));
        change.addParameter(OASFactory.createParameter().ref("ThingId"));
        change.setRequestBody(OASFactory.createRequestBody().ref("Thing"));
        change.getResponses()
                .addAPIResponse("200", OASFactory.createAPIResponse().ref("Thing"))
                .addAPIResponse("410", OASFactory.createAPIResponse().ref("Gone"));

        filter();

        assertThat(change.getParameters()).extracting(Parameter::getName).containsExactly("id", "name");
        assertThat(change.getParameters().get(1).getDescription()).isEqualTo("Its name.");
        assertThat(change.getRequestBody().getDescription()).isEqualTo("It.");
        assertThat(change.getResponses().getAPIResponse("200").getContent()).isNotNull();
        assertThat(change.getResponses().getAPIResponse("410").getRef()).endsWith("/Gone");
        assertThat(contract.getComponents().getParameters()).isNull();
        assertThat(contract.getComponents().getRequestBodies()).isNull();
        assertThat(contract.getComponents().getResponses()).containsOnlyKeys("Gone");
    }

    @Test
    void a_reference_to_what_is_not_described_fails_the_build() {
        operation(HttpMethod.GET, "/v1/things")
                .addParameter(OASFactory.createParameter().ref("Typo"));

        assertThatThrownBy(this::filter).hasMessageContaining("openapi.yaml").hasMessageContaining("Typo");
    }

    private void filter() {
        new ContractFilter().filterOpenAPI(contract);
    }

    private Operation operation(HttpMethod method, String path) {
        Operation operation = OASFactory.createOperation().responses(OASFactory.createAPIResponses());
        contract.getPaths().addPathItem(path, OASFactory.createPathItem());
        contract.getPaths().getPathItem(path).setOperation(method, operation);
        return operation;
    }

    private static Parameter parameter(String name, Parameter.In place) {
        return OASFactory.createParameter().name(name).in(place);
    }

    private static APIResponse withContent() {
        return OASFactory.createAPIResponse().content(OASFactory.createContent());
    }
}
