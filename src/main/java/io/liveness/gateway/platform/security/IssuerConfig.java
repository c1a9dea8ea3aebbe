package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How often the issuer of callers' tokens is asked. */
@ConfigMapping(prefix = "liveness.issuer")
interface IssuerConfig {

    /** How long a key that the issuer has withdrawn is accepted at most; at least a second. */
    @WithDefault("5m")
    @DurationMin(seconds = 1, message = "liveness.issuer.refresh-keys-every must be at least 1s")
    Duration refreshKeysEvery();

    /** How long the issuer may take to answer. */
    @WithDefault("5s")
    @DurationMin(millis = 100, message = "liveness.issuer.timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.issuer.timeout must be at most 1m")
    Duration timeout();
}
