package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** Access tokens: which are accepted, and how many verified ones a replica remembers. */
@ConfigMapping(prefix = "liveness.tokens")
interface TokensConfig {

    /**
     * Time for which a verified token is not verified again, at most until the token ends or keys are fetched. {@code 0s}
     * verifies it with each request.
     *
     * @see <a href="docs/decisions/0070-the-contract-is-written-by-hand.md">why</a>
     */
    @WithDefault("60s")
    @DurationMin(message = "liveness.tokens.verified-for must be 0s or longer")
    Duration verifiedFor();

    /** How far ahead the end of a token (claim {@code exp}) may be; a token that ends later is refused. A minute more is allowed for clocks. */
    @WithDefault("24h")
    @DurationMin(minutes = 1, message = "liveness.tokens.longest-life must be at least 1m")
    Duration longestLife();

    /** Tokens that each replica remembers. */
    @WithDefault("2000")
    @Min(value = 1, message = "liveness.tokens.max-verified must be at least 1")
    @Max(value = 1_000_000, message = "liveness.tokens.max-verified must be at most 1000000")
    int maxVerified();
}
