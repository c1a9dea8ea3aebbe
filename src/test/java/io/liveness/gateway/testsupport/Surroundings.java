package io.liveness.gateway.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Books;
import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.SandboxServer;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.liveness.gateway.testsupport.process.Secrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The surroundings of gateways in separate processes: a database, the imitated vendor, callers with their keys. */
public final class Surroundings implements AutoCloseable {

    private static final String ENCRYPTION_KEY =
            Base64.getEncoder().encodeToString("for tests: these are 32 bytes...".getBytes());
    private static final String APP_SECRET = "secret-of-the-account-in-tests";

    private final SandboxKeys keys = SandboxKeys.generate();
    private final TestDatabase database;
    private final Callers callers = new Callers(keys);
    private final Secrets secrets = new Secrets();
    private final List<GatewayProcess> gateways = new ArrayList<>();
    private final SandboxServer vendor;

    public Surroundings(SandboxSettings settings) {
        this(settings, TestDatabase.create());
    }

    public Surroundings(SandboxSettings settings, TestDatabase database) {
        this.database = database;
        vendor = SandboxServer.start(
                settings.withAccount("app-in-tests", APP_SECRET).config(), 0);
        secrets.add("app secret", APP_SECRET);
        secrets.add("encryption key", ENCRYPTION_KEY);
        secrets.add("access token", callers.accessToken());
        secrets.add("metadata", Callers.METADATA);
        secrets.add("checkUrl", "capture.html");
        secrets.add("faceImageUrl", vendor.url() + "/");
    }

    /** What a gateway needs to start, and nothing else. */
    public GatewayEnvironment environment() {
        Map<String, String> properties = new HashMap<>(database.configuration());
        properties.put("jumdata.app-id", "app-in-tests");
        properties.put("jumdata.app-secret", APP_SECRET);
        properties.put("quarkus.rest-client.jumdata.url", vendor.url());
        properties.put("quarkus.oidc.public-key", keys.publicKeyBase64());
        properties.put("quarkus.oidc.token.issuer", TokenIssuer.ISSUER);
        properties.put("quarkus.oidc.token.audience", TokenIssuer.AUDIENCE);
        properties.putAll(TokenIssuer.PEOPLE);
        properties.put("liveness.encryption.keys", "test:" + ENCRYPTION_KEY);
        properties.put("liveness.face.allowed-hosts", vendor.url());
        properties.put("liveness.billing.prices", "2020-01-01=0.80 CNY");
        return GatewayEnvironment.of(properties);
    }

    /** Does not wait for it. */
    public GatewayProcess launch(GatewayEnvironment environment) {
        return launch(environment, GatewayProcess.HEAP_MEBIBYTES);
    }

    /** Does not wait for it. */
    public GatewayProcess launch(GatewayEnvironment environment, int heapMebibytes) {
        return remember(GatewayProcess.launch(environment, secrets, heapMebibytes));
    }

    /** Starts a gateway with the options of its image. */
    public GatewayProcess startAsImage(GatewayEnvironment environment, int heapMebibytes) {
        return remember(GatewayProcess.launchAsImage(environment, secrets, heapMebibytes))
                .awaitReady();
    }

    /** Starts a gateway of another release, whose jar is given. */
    public GatewayProcess start(GatewayEnvironment environment, Path jar) {
        return remember(GatewayProcess.launch(environment, secrets, jar)).awaitReady();
    }

    private GatewayProcess remember(GatewayProcess gateway) {
        gateways.add(gateway);
        return gateway;
    }

    public GatewayProcess start(GatewayEnvironment environment) {
        return launch(environment).awaitReady();
    }

    public TestDatabase database() {
        return database;
    }

    public Callers callers() {
        return callers;
    }

    /** Polls of these sessions are due now; the schedulers of gateways do the rest. */
    public void pollNow(List<String> sessions) {
        assertThat(database.count("with due as (update session_schedule set next_poll_at = now() where session_id in ('"
                        + String.join("','", sessions) + "') returning 1) select count(*) from due"))
                .isEqualTo(sessions.size());
    }

    public String vendorUrl() {
        return vendor.url();
    }

    /** The vendor's own books. */
    public Books books() {
        return vendor.sandbox().books();
    }

    @Override
    public void close() {
        secrets.addAll(
                "vendor token", books().rows().stream().map(BookRow::token).toList());
        try {
            gateways.forEach(GatewayProcess::kill);
            gateways.forEach(GatewayProcess::close);
        } finally {
            vendor.close();
        }
    }
}
