package io.liveness.gateway.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long the data of a session's request is kept. */
@ConfigMapping(prefix = "liveness.session")
interface ThinningConfig {

    /**
     * Time after a session's end after which reference, metadata, returnUrl, title, verdict message and idempotency key are erased.
     *
     * @see <a href="docs/sessions.md#thinning">thinning</a>
     */
    @WithDefault("365d")
    @DurationMin(days = 1, message = "liveness.session.retention must be at least 1d")
    Duration retention();
}
