package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.liveness.gateway.testsupport.Management;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The contract is served as it is written. */
@QuarkusTest
class ContractTest {

    private static final ObjectMapper YAML = new YAMLMapper();

    @Test
    void it_is_served_as_it_is_written() throws IOException {
        JsonNode written =
                YAML.readTree(Path.of("openapi", "liveness-gateway.yaml").toFile());

        assertThat(YAML.readTree(served("application/yaml"))).isEqualTo(written);
        assertThat(new ObjectMapper().readTree(served("application/json"))).isEqualTo(written);
    }

    private static String served(String type) {
        return Management.request().accept(type).get("/q/openapi").asString();
    }
}
