package io.liveness.gateway.open;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Return of the person's browser by way of the gateway. */
@ConfigMapping(prefix = "liveness.return-hop")
public interface ReturnHopConfig {

    /**
     * Address by which browsers reach the gateway, before {@code /v1}, up to 201 characters. Switches the return hop on.
     *
     * @see <a href="docs/callers.md#return-hop">return hop</a>
     */
    Optional<String> baseUrl();

    /** Longest wait of the person for the verdict. */
    @WithName("wait")
    @WithDefault("3s")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.return-hop.wait must be positive")
    @DurationMax(seconds = 30, message = "liveness.return-hop.wait must be at most 30s")
    Duration longestWait();

    /** People at once at a replica; more are answered 503. Size: returns per second times {@code wait}. */
    @WithDefault("64")
    @Min(value = 1, message = "liveness.return-hop.max-concurrent must be at least 1")
    int maxConcurrent();
}
