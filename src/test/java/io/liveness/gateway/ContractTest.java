package io.liveness.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Management;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The checked-in contract equals the generated one. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
class ContractTest {

    private static final Path FILE = Path.of("openapi", "liveness-gateway.yaml");

    @Test
    void the_contract_has_not_drifted() throws IOException {
        String generated = Management.request()
                .accept("application/yaml")
                .get("/q/openapi")
                .asString();
        if (System.getProperty("contract.update") != null) {
            Files.writeString(FILE, generated);
        }

        assertThat(Files.readString(FILE))
                .as("%s differs from the code; update it with: mvn test -Dtest=ContractTest -Dcontract.update", FILE)
                .isEqualTo(generated);
    }

    @Test
    void the_sandbox_is_no_part_of_the_contract() {
        assertThat(Management.request()
                        .accept("application/json")
                        .get("/q/openapi")
                        .jsonPath()
                        .getMap("paths")
                        .keySet())
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path.toString()).startsWith("/v1/"));
    }
}
