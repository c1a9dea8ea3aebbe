package io.liveness.gateway.privacy.face;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** Allowed hosts and limits for face images. */
@ConfigMapping(prefix = "liveness.face")
interface FaceConfig {

    /**
     * Hosts of face images, by https: {@code host}, {@code host:port}, {@code *.domain}; or {@code http://localhost:port}. The default is a
     * guess: the vendor's document names none.
     */
    @WithDefault("*.jumdata.com")
    List<String> allowedHosts();

    /** Largest face image. */
    @WithDefault("10M")
    MemorySize maxBytes();

    /** Limit from the start of a fetch to the head of the vendor's answer. */
    @WithDefault("10s")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.timeout must be positive")
    Duration timeout();

    /** Limit of a whole fetch, a slow caller included. */
    @WithDefault("1m")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.max-duration must be positive")
    Duration maxDuration();

    /** Fetches at once at a replica; more are answered 503. */
    @WithDefault("16")
    @Min(value = 1, message = "liveness.face.max-concurrent must be at least 1")
    int maxConcurrent();

    /** Fetches at once of one caller at a replica; more are answered 429. */
    @WithDefault("8")
    @Min(value = 1, message = "liveness.face.max-concurrent-per-caller must be at least 1")
    int maxConcurrentPerCaller();
}
