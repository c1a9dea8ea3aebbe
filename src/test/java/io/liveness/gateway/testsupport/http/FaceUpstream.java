package io.liveness.gateway.testsupport.http;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The servers of face images in tests: two allowed ports, one of them with TLS, and its certificates. */
public class FaceUpstream implements QuarkusTestResourceLifecycleManager {

    public static final String TRUSTED = "trusted";
    public static final String OF_ANOTHER_HOST = "other-host";
    public static final String UNKNOWN = "unknown";

    @Override
    public Map<String, String> start() {
        TlsKeys keys = TlsKeys.inTemporaryDirectory();
        keys.make(TRUSTED, "localhost");
        keys.make(OF_ANOTHER_HOST, "img.example");
        keys.make(UNKNOWN, "localhost");
        int plain = FreePort.find();
        int tls = FreePort.find();
        return Map.of(
                "test.face.keys",
                keys.directory().toString(),
                "test.face.plain-port",
                Integer.toString(plain),
                "test.face.tls-port",
                Integer.toString(tls),
                "liveness.face.allowed-hosts",
                "http://localhost:" + plain + ",localhost:" + tls,
                "liveness.face.max-bytes",
                "40M",
                "liveness.face.timeout",
                "3s",
                "liveness.face.max-duration",
                "12s",
                "liveness.face.max-concurrent",
                "3",
                "liveness.face.max-concurrent-per-caller",
                "2",
                "quarkus.tls.face.trust-store.pem.certs",
                keys.certificate(TRUSTED) + "," + keys.certificate(OF_ANOTHER_HOST));
    }

    /** After the gateway's own resource, whose address for face images it replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // Small files in the temporary directory.
    }

    public static SSLContext server(String directory, String key) {
        return new TlsKeys(Path.of(directory)).server(key);
    }
}
