package io.liveness.gateway.jumdata;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The account at the vendor and how it is called. A value that breaks a rule stops the start. */
@ConfigMapping(prefix = "jumdata")
public interface JumdataConfig {

    /** Issued by the vendor. No default: there is no start without. */
    @Pattern(regexp = NO_SPACES, message = "jumdata.app-id must be given, without spaces or line breaks")
    String appId();

    /** Issued by the vendor, never sent. No default: there is no start without. */
    // A line break left over from a mounted file would make every signature wrong, hence the strictness.
    @Pattern(regexp = NO_SPACES, message = "jumdata.app-secret must be given, without spaces or line breaks")
    String appSecret();

    /** Fixed by the vendor for this product. */
    @WithDefault("life_check_v2")
    @Pattern(regexp = NO_SPACES, message = "jumdata.product-code must be given, without spaces or line breaks")
    String productCode();

    /** How long a token lives after init (vendor document, 成功返回样例: 有效期为2小时). */
    @WithDefault("2h")
    @DurationMin(nanos = 0, inclusive = false, message = "jumdata.token-lifetime must be longer than nothing")
    Duration tokenLifetime();

    /** Calls per second over all replicas together, inits included. */
    @WithDefault("10")
    @Min(value = 1, message = "jumdata.calls-per-second must be at least 1")
    int callsPerSecond();

    /** Stands between the names in the parameter {@code actions}; the vendor does not say which one it wants. */
    @WithDefault(",")
    String actionsSeparator();

    /**
     * The longest that one attempt to connect takes: resolving the name, TCP and TLS together. What fails until then was never
     * sent; there are two attempts.
     */
    // At most what the clients' own limits (application.properties) let it be.
    @WithDefault("2s")
    @DurationMin(millis = 1, message = "jumdata.connect-timeout must be at least 1ms")
    @DurationMax(seconds = 5, message = "jumdata.connect-timeout must be at most 5s")
    Duration connectTimeout();

    /** The longest that the vendor takes to answer a request that was sent, to the last byte. */
    @WithDefault("10s")
    @DurationMin(millis = 1, message = "jumdata.timeout must be at least 1ms")
    Duration timeout();

    /** Codes of init after which the same order may succeed later as it stands; {@link OutcomeMapping} says which can be. */
    @WithDefault("500,606,609")
    Set<Integer> retryableCodes();

    String NO_SPACES = "\\S+";
}
