package io.liveness.gateway.sandbox.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** Where the sandbox is reached: as configured, else where the call at hand was sent to. */
public final class PublicAddress {

    private final Optional<String> configured;

    public PublicAddress(Optional<String> configured) {
        this.configured = configured.filter(url -> !url.isBlank()).map(url -> url.replaceAll("/+$", ""));
    }

    public String of(HttpServerRequest request) {
        return configured.orElseGet(() -> request.scheme() + "://" + request.authority());
    }
}
