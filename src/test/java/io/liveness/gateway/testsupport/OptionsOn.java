package io.liveness.gateway.testsupport;

import io.liveness.gateway.sandbox.SignInApi;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.process.PgBouncer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Options that a gateway does not have by default: the return hop, sign-in to the console, traces, a second encryption key, endpoints of
 * a test, a stub of the vendor, a scheduler that a test may let run, and PgBouncer. One profile for all: each costs the start of another
 * gateway.
 */
public final class OptionsOn implements QuarkusTestProfile {

    private static final String DETOUR = "io.liveness.gateway.vendor.jumdata.Detour";

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
        // A test may have a name server at this port, and lead the vendor's clients.
        options.put("quarkus.vertx.resolver.servers", "127.0.0.1:" + FreePort.find());
        options.put("quarkus.rest-client.jumdata.providers", DETOUR);
        options.put("quarkus.rest-client.jumdata-init.providers", DETOUR);
        options.put("quarkus.scheduler.enabled", "true");
        options.put("quarkus.scheduler.start-mode", "halted");
        // No test of deliveries waits for a timeout: it would hide who waits for whom.
        options.put("liveness.webhook.timeout", "1m");
        // The shortest that is allowed.
        options.put("quarkus.http.idle-timeout", "31s");
        return options;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(BehindPgBouncer.class));
    }

    /** Migrations and signals go to PostgreSQL itself. Without PgBouncer on this machine all go there. */
    public static final class BehindPgBouncer implements QuarkusTestResourceLifecycleManager {

        private PgBouncer bouncer;

        @Override
        public Map<String, String> start() {
            if (!PgBouncer.isInstalled()) {
                return Map.of();
            }
            Map<String, String> configuration =
                    new HashMap<>(TestDatabase.create().configuration());
            String direct = configuration.get("quarkus.datasource.reactive.url");
            bouncer = PgBouncer.before(configuration);
            configuration.put("quarkus.datasource.reactive.url", bouncer.url(direct));
            configuration.put("liveness.signals.url", direct);
            configuration.put("quarkus.datasource.batch.jdbc.url", configuration.get("quarkus.datasource.jdbc.url"));
            return configuration;
        }

        /** The order puts it after the gateway's own resource, whose database it replaces. */
        @Override
        public int order() {
            return 1;
        }

        @Override
        public void stop() {
            if (bouncer != null) {
                bouncer.close();
            }
        }
    }

    public static String key(String id) {
        String bytes = (id + " key of a test: at least 32 bytes").substring(0, 32);
        return id + ":" + Base64.getEncoder().encodeToString(bytes.getBytes());
    }
}
