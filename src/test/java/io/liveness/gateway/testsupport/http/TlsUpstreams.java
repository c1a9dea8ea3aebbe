package io.liveness.gateway.testsupport.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Ports that tests serve face images and webhooks on, by TLS but for one, and the certificates that are trusted there. */
public class TlsUpstreams implements QuarkusTestResourceLifecycleManager {

    public static final String TRUSTED = "trusted";
    public static final String OF_ANOTHER_HOST = "other-host";
    public static final String UNKNOWN = "unknown";

    public static final String FACES = "test.faces.port";
    public static final String PLAIN_FACES = "test.faces.plain-port";
    public static final String WEBHOOKS = "test.webhooks.port";

    private static final String KEYS = "test.keys";

    @Override
    public Map<String, String> start() {
        TlsKeys keys = TlsKeys.inTemporaryDirectory();
        keys.make(TRUSTED, "localhost");
        keys.make(OF_ANOTHER_HOST, "img.example");
        keys.make(UNKNOWN, "localhost");
        String faces = Integer.toString(FreePort.find());
        String plainFaces = Integer.toString(FreePort.find());
        String webhooks = Integer.toString(FreePort.find());
        return Map.of(
                KEYS,
                keys.directory().toString(),
                FACES,
                faces,
                PLAIN_FACES,
                plainFaces,
                WEBHOOKS,
                webhooks,
                "liveness.face.allowed-hosts",
                "http://localhost:" + plainFaces + ",localhost:" + faces,
                "liveness.webhook.allowed-hosts",
                "localhost:" + webhooks + ",127.0.0.0/8,::1/128",
                "quarkus.tls.face.trust-store.pem.certs",
                keys.certificate(TRUSTED) + "," + keys.certificate(OF_ANOTHER_HOST),
                "quarkus.tls.webhook.trust-store.pem.certs",
                keys.certificate(TRUSTED).toString());
    }

    /** The order puts it after the gateway's own resource, whose addresses it replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // Small files in the temporary directory.
    }

    /** The port of one of the above. */
    public static int port(String name) {
        return ConfigProvider.getConfig().getValue(name, int.class);
    }

    /** What serves with one of the keys. */
    public static ServerSocket server(String key) throws IOException {
        TlsKeys keys = new TlsKeys(Path.of(ConfigProvider.getConfig().getValue(KEYS, String.class)));
        return keys.server(key).getServerSocketFactory().createServerSocket();
    }
}
