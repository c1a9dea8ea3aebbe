package io.liveness.gateway.retention;

import io.liveness.gateway.platform.start.ConfigurationRule;
import jakarta.inject.Singleton;

/** Stops the start when a face image could be fetched for longer than the data of its session is kept. */
@Singleton
class RetentionCheck implements ConfigurationRule {

    RetentionCheck(FaceRetentionConfig faces, ThinningConfig sessions) {
        if (faces.retention().compareTo(sessions.retention()) > 0) {
            throw new IllegalArgumentException("liveness.face.retention (" + faces.retention()
                    + ") must not be longer than liveness.session.retention (" + sessions.retention() + ")");
        }
    }
}
