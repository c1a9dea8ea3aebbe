package io.liveness.gateway.testsupport;

import io.liveness.gateway.sandbox.SandboxKeys;
import io.liveness.gateway.sandbox.TokenIssuer;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * The needs of each gateway under test in this process: a database, and keys for tokens. The vendor is the sandbox in the same process.
 * Quarkus starts it for every test of the service, wherever it is named.
 */
@QuarkusTestResource(GatewayTestResource.class)
public class GatewayTestResource implements QuarkusTestResourceLifecycleManager {

    /** Has the roles liveness and operator, whatever its token says. */
    public static final String SUBJECT_WITH_ROLES = "system:serviceaccount:shop:checkout";

    /**
     * The proxy carries all of the gateway's connections to its database but the migrations'. Tests' own go past it.
     */
    private static FaultProxy network;

    public static FaultProxy network() {
        return network;
    }

    @Override
    public Map<String, String> start() {
        SandboxKeys keys = SandboxKeys.generate();
        Map<String, String> configuration = new HashMap<>(TestDatabase.create().configuration());
        String database = configuration.get("quarkus.datasource.reactive.url");
        network = FaultProxy.to(database);
        String throughNetwork = database.replaceFirst("//[^/]*", "//localhost:" + network.port());
        configuration.put("quarkus.datasource.reactive.url", throughNetwork);
        configuration.put("quarkus.datasource.batch.jdbc.url", "jdbc:" + throughNetwork);
        String port = Integer.toString(FreePort.find());
        configuration.put("quarkus.http.test-port", port);
        configuration.put(Management.PORT, Integer.toString(FreePort.find()));
        configuration.put("quarkus.rest-client.jumdata.url", "http://localhost:" + port);
        configuration.put("liveness.face.allowed-hosts", "http://localhost:" + port);
        configuration.put(
                "liveness.webhook.allowed-hosts",
                StubReceiver.allowedHost() + ",http://localhost:" + StubReceiver.OTHER_PORT + ",http://localhost:"
                        + port + ",shop.example");
        configuration.put("liveness.webhook.retries", "100ms,200ms");
        configuration.put("sandbox.signing-key", keys.signingKeyBase64());
        configuration.put("quarkus.oidc.public-key", keys.publicKeyBase64());
        configuration.put("quarkus.oidc.token.issuer", TokenIssuer.ISSUER);
        configuration.put("quarkus.oidc.token.audience", TokenIssuer.AUDIENCE);
        configuration.putAll(TokenIssuer.PEOPLE);
        configuration.put("liveness.roles", SUBJECT_WITH_ROLES + "=liveness+operator");
        return configuration;
    }

    @Override
    public void stop() {
        network.close();
    }
}
