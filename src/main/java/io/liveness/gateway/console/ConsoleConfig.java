package io.liveness.gateway.console;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** By what the console signs people in. It is off unless all three are given. */
@ConfigMapping(prefix = "liveness.console")
interface ConsoleConfig {

    /** The console's client at the issuer of callers' tokens. */
    Optional<String> clientId();

    /** That client's secret. */
    Optional<String> clientSecret();

    /** What cookies are encrypted with, at least 32 characters, the same for all replicas. */
    Optional<String> cookieSecret();
}
