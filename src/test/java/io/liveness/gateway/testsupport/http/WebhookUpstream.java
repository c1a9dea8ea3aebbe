package io.liveness.gateway.testsupport.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A port on loopback that webhooks may go to by TLS, its addresses, and the certificate that is trusted there. */
public class WebhookUpstream implements QuarkusTestResourceLifecycleManager {

    public static final String KEYS = "test.webhook.keys";
    public static final String PORT = "test.webhook.port";
    public static final String TRUSTED = "trusted";
    public static final String UNKNOWN = "unknown";

    @Override
    public Map<String, String> start() {
        TlsKeys keys = TlsKeys.inTemporaryDirectory();
        keys.make(TRUSTED, "localhost");
        keys.make(UNKNOWN, "localhost");
        int port = FreePort.find();
        return Map.of(
                KEYS,
                keys.directory().toString(),
                PORT,
                Integer.toString(port),
                "liveness.webhook.allowed-hosts",
                "localhost:" + port + ",127.0.0.0/8,::1/128",
                "quarkus.tls.webhook.trust-store.pem.certs",
                keys.certificate(TRUSTED).toString());
    }

    /** After the gateway's own resource, whose receivers of webhooks it replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // Small files in the temporary directory.
    }
}
