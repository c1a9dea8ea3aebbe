package io.liveness.gateway.vendor.jumdata;

import io.liveness.gateway.testsupport.http.FreePort;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.core.UriBuilder;

/** Leads the vendor's clients, as they are configured, to a stub in place of the sandbox while a test wants it. */
public final class Detour implements ClientRequestFilter {

    static final int PORT = FreePort.find();

    private static volatile boolean taken;

    static void take() {
        taken = true;
    }

    static void leave() {
        taken = false;
    }

    @Override
    public void filter(ClientRequestContext request) {
        if (taken) {
            request.setUri(UriBuilder.fromUri(request.getUri()).port(PORT).build());
        }
    }
}
