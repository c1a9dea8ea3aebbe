package io.liveness.gateway.open;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** Return of the person's browser by way of the gateway. */
@ConfigMapping(prefix = "liveness.return-hop")
public interface ReturnHopConfig {

    /**
     * Address by which browsers reach the gateway, before {@code /v1}, up to 201 characters. Switches the return hop on.
     *
     * @see <a href="docs/callers.md#return-hop">return hop</a>
     */
    Optional<String> baseUrl();

    /** People at once at a replica; more are answered 503. Size: three times the returns per second. */
    @WithDefault("64")
    @Min(value = 1, message = "liveness.return-hop.max-concurrent must be at least 1")
    int maxConcurrent();
}
