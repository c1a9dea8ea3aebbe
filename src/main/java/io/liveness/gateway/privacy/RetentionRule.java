package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Stops the start when a face image could be fetched for longer than the data of its session is kept. */
@Singleton
class RetentionRule implements ConfigurationRule {

    /** How long face images can be fetched. */
    @ConfigMapping(prefix = "liveness.face")
    interface Faces {

        /** Time after the verdict until the image's address is erased; at most {@code liveness.session.retention}. */
        @WithDefault("24h")
        @DurationMin(minutes = 5, message = "liveness.face.retention must be at least 5m")
        Duration retention();
    }

    /** How long the data of a session's request is kept. */
    @ConfigMapping(prefix = "liveness.session")
    interface Sessions {

        /** Time after a session's end until it is <a href="docs/sessions.md#thinning">thinned</a>. */
        @WithDefault("365d")
        @DurationMin(days = 1, message = "liveness.session.retention must be at least 1d")
        Duration retention();
    }

    RetentionRule(Faces faces, Sessions sessions) {
        if (faces.retention().compareTo(sessions.retention()) > 0) {
            throw new IllegalArgumentException("liveness.face.retention (" + faces.retention()
                    + ") must not be longer than liveness.session.retention (" + sessions.retention() + ")");
        }
    }
}
