package io.liveness.gateway.session.returnhop;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Whether a person comes back through the gateway, and how long that may take. */
@ConfigMapping(prefix = "liveness.return-hop")
interface ReturnHopConfig {

    /** Our own address as the person's browser reaches it, with a path when something in front of us adds one. Absent: no hop. */
    Optional<String> baseUrl();

    /** How long the person waits for the vendor's verdict at most. */
    @WithName("wait")
    @WithDefault("3s")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.return-hop.wait must be longer than nothing")
    @DurationMax(seconds = 30, message = "liveness.return-hop.wait must be at most 30s")
    Duration longestWait();

    /** People under way through this process at once; more are turned away. */
    @WithDefault("64")
    @Min(value = 1, message = "liveness.return-hop.max-concurrent must be at least 1")
    int maxConcurrent();
}
