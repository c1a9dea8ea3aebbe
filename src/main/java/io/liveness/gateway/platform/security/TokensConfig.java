package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Verified access tokens that a replica remembers. */
@ConfigMapping(prefix = "liveness.tokens")
interface TokensConfig {

    /**
     * Time for which a verified token is not verified again, at most until the token ends or keys are fetched. {@code 0s}
     * verifies it with each request.
     *
     * @see <a href="docs/decisions/0030-a-token-is-verified-once.md">why</a>
     */
    @WithDefault("60s")
    @DurationMin(message = "liveness.tokens.verified-for must be 0s or longer")
    Duration verifiedFor();

    /** Tokens that each replica remembers. */
    @WithDefault("2000")
    @Min(value = 1, message = "liveness.tokens.max-verified must be at least 1")
    @Max(value = 1_000_000, message = "liveness.tokens.max-verified must be at most 1000000")
    int maxVerified();
}
