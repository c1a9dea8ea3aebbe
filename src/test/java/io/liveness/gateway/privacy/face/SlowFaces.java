package io.liveness.gateway.privacy.face;

import io.liveness.gateway.testsupport.http.FreePort;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** A slow server of face images. */
public class SlowFaces implements QuarkusTestResourceLifecycleManager {

    public static final String PORT = "test.face.slow-port";

    @Override
    public Map<String, String> start() {
        int port = FreePort.find();
        return Map.of(PORT, Integer.toString(port), "liveness.face.allowed-hosts", "http://localhost:" + port);
    }

    /** After the gateway's own resource, whose address for face images it replaces. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
