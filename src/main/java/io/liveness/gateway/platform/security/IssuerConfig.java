package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Keys of the issuer of access tokens. */
@ConfigMapping(prefix = "liveness.issuer")
interface IssuerConfig {

    /**
     * Interval at which the keys are fetched: a withdrawn key is accepted for at most this long. At least
     * {@code quarkus.oidc.token.forced-jwk-refresh-interval}.
     */
    @WithDefault("5m")
    @DurationMin(seconds = 1, message = "liveness.issuer.refresh-keys-every must be at least 1s")
    Duration refreshKeysEvery();

    /** Longest time for an answer of the issuer. */
    @WithDefault("5s")
    @DurationMin(millis = 100, message = "liveness.issuer.timeout must be at least 100ms")
    @DurationMax(minutes = 1, message = "liveness.issuer.timeout must be at most 1m")
    Duration timeout();
}
