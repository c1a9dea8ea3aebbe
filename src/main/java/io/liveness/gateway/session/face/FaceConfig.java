package io.liveness.gateway.session.face;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import org.hibernate.validator.constraints.time.DurationMin;

/** From where photographs are fetched, and how much of it is put up with. */
@ConfigMapping(prefix = "liveness.face")
interface FaceConfig {

    /** See {@link FaceHosts}. The default is a guess: the vendor's document names no host of the photographs. */
    @WithDefault("*.jumdata.com")
    List<String> allowedHosts();

    /** The largest photograph passed on. */
    @WithDefault("10M")
    MemorySize maxBytes();

    /** From the start of a fetch to the head of the vendor's answer, connecting included. */
    @WithDefault("10s")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.timeout must be longer than nothing")
    Duration timeout();

    /** The longest a fetch takes as a whole, a caller who reads slowly included. */
    @WithDefault("1m")
    @DurationMin(nanos = 0, inclusive = false, message = "liveness.face.max-duration must be longer than nothing")
    Duration maxDuration();

    /** Fetches under way at once in this process; more are turned away. */
    @WithDefault("16")
    @Min(value = 1, message = "liveness.face.max-concurrent must be at least 1")
    int maxConcurrent();

    /** Fetches under way at once of one caller. */
    @WithDefault("8")
    @Min(value = 1, message = "liveness.face.max-concurrent-per-caller must be at least 1")
    int maxConcurrentPerCaller();
}
