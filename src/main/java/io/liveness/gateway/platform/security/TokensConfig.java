package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is remembered of callers' tokens. */
@ConfigMapping(prefix = "liveness.tokens")
interface TokensConfig {

    /** How long a token is not verified again; with 0s each request's token is. */
    @WithDefault("60s")
    @DurationMin(message = "liveness.tokens.verified-for must be 0s or longer")
    Duration verifiedFor();

    /** As many tokens are remembered at most; those that are sent often stay. */
    @WithDefault("2000")
    @Min(value = 1, message = "liveness.tokens.max-verified must be at least 1")
    @Max(value = 1_000_000, message = "liveness.tokens.max-verified must be at most 1000000")
    int maxVerified();
}
