package io.liveness.gateway.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How long face images can be fetched. */
@ConfigMapping(prefix = "liveness.face")
interface FaceRetentionConfig {

    /** Time after the verdict at which the gateway erases the address of the face image. See docs/privacy.md. */
    @WithDefault("24h")
    @DurationMin(minutes = 5, message = "liveness.face.retention must be at least 5m")
    Duration retention();
}
