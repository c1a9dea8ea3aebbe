package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.testsupport.http.FreePort;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/**
 * The clients as they are configured for production, but for the vendor's address. These tests reach no database: the pool
 * connects when it is first used.
 */
public class JumdataProfile implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>();
        overrides.put("jumdata.app-id", "the-app");
        overrides.put("jumdata.app-secret", "the-secret");
        // The address of a client is fixed once it is made, so each test opens its vendor on this port.
        overrides.put("quarkus.rest-client.jumdata.url", "http://localhost:" + FreePort.find());
        overrides.put("quarkus.vertx.resolver.servers", "127.0.0.1:" + FreePort.find());
        overrides.put("liveness.encryption.keys", "test:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=");
        overrides.put("quarkus.datasource.db-kind", "postgresql");
        overrides.put("quarkus.datasource.reactive.url", "postgresql://localhost:1/none");
        overrides.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://localhost:1/none");
        overrides.put("quarkus.datasource.username", "none");
        overrides.put("quarkus.devservices.enabled", "false");
        overrides.put("quarkus.flyway.migrate-at-start", "false");
        overrides.put(
                "quarkus.arc.exclude-types",
                "io.liveness.gateway.platform.postgres.schema.AwaitDatabase,io.liveness.gateway.platform.postgres.schema.SchemaRule,"
                        + "io.liveness.gateway.privacy.keys.*");
        overrides.put("quarkus.http.test-port", "0");
        overrides.put("quarkus.management.test-port", "0");
        return overrides;
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
