package io.liveness.gateway.testsupport;

import io.liveness.gateway.sandbox.issuer.SignInApi;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Options that a gateway does not have by default: the return hop, sign-in to the console, traces, a second encryption key, and endpoints of
 * a test. One profile for all: each costs the start of another gateway.
 */
public final class OptionsOn implements QuarkusTestProfile {

    public static final String NEW_KEY = key("new");
    public static final String OLD_KEY = key("old");

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> options = new HashMap<>(SignInApi.consoleSettings("${quarkus.http.test-port}"));
        options.put("liveness.return-hop.base-url", "http://localhost:${quarkus.http.test-port}/");
        options.put("quarkus.otel.sdk.disabled", "false");
        options.put("quarkus.otel.traces.exporter", "none");
        options.put("liveness.encryption.keys", NEW_KEY + "," + OLD_KEY);
        options.put("test.probe", "on");
        return options;
    }

    public static String key(String id) {
        String bytes = (id + " key of a test: at least 32 bytes").substring(0, 32);
        return id + ":" + Base64.getEncoder().encodeToString(bytes.getBytes());
    }
}
