package io.liveness.gateway.events.webhook;

import io.liveness.gateway.platform.query.Parameters;
import java.util.UUID;

/** The address of endpoints in the API. */
public final class EndpointPath {

    public static final String PATH = "/v1/webhook-endpoints";

    private EndpointPath() {}

    public static UUID id(String given) {
        return Parameters.uuid("endpointId", given);
    }
}
