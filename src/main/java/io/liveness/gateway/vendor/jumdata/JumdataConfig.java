package io.liveness.gateway.vendor.jumdata;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The account at the vendor and how it is called. A value that breaks a rule stops the start. */
@ConfigMapping(prefix = "jumdata")
public interface JumdataConfig {

    /** Account at the vendor. */
    @Pattern(regexp = NO_SPACES, message = "jumdata.app-id must be given, without spaces or line breaks")
    String appId();

    /** Secret of the account. It signs calls and is never sent. */
    // A line break left over from a mounted file would make every signature wrong, hence the strictness.
    @Pattern(regexp = NO_SPACES, message = "jumdata.app-secret must be given, without spaces or line breaks")
    String appSecret();

    /** Lifetime of a token after init (vendor document, 成功返回样例: 有效期为2小时). */
    @WithDefault("2h")
    @DurationMin(nanos = 0, inclusive = false, message = "jumdata.token-lifetime must be positive")
    Duration tokenLifetime();

    /**
     * Calls of all replicas together; <a href="docs/decisions/0004-the-budget-is-kept-in-sequences.md">opens get half</a>, because each
     * also pays for a final poll.
     */
    @WithDefault("10")
    @Min(value = 1, message = "jumdata.calls-per-second must be at least 1")
    int callsPerSecond();

    /** Separator in {@code actions}; not in the vendor's document. */
    @WithDefault(",")
    String actionsSeparator();

    /** Limit of one attempt to connect (name, TCP, TLS); after two that failed no fee was taken. */
    // At most the limits of the clients in application.properties.
    @WithDefault("2s")
    @DurationMin(millis = 1, message = "jumdata.connect-timeout must be at least 1ms")
    @DurationMax(seconds = 5, message = "jumdata.connect-timeout must be at most 5s")
    Duration connectTimeout();

    /** Limit from the request to the last byte of the answer; then the fee is in doubt. */
    @WithDefault("10s")
    @DurationMin(millis = 1, message = "jumdata.timeout must be at least 1ms")
    @DurationMax(seconds = 60, message = "jumdata.timeout must be at most 60s")
    Duration timeout();

    /** Refusals of an init after which the same idempotency key may try again, if the answer has {@code charge: false}. */
    @WithDefault("500,606,609")
    Set<Integer> retryableCodes();

    /**
     * Refusals of an init that take no fee, by the vendor's written word, though the answer has no {@code charge}. The same idempotency
     * key never tries again after them.
     */
    Optional<Set<Integer>> noFeeCodes();

    String NO_SPACES = "\\S+";
}
