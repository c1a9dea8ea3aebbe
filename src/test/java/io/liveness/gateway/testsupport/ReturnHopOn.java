package io.liveness.gateway.testsupport;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The gateway under test with the return hop on, at its own address. */
public final class ReturnHopOn implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("liveness.return-hop.base-url", "http://localhost:${quarkus.http.test-port}/");
    }
}
