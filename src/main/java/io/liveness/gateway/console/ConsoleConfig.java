package io.liveness.gateway.console;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Sign-in of the console. The console is off unless all three are given; a part of them stops the start. */
@ConfigMapping(prefix = "liveness.console")
interface ConsoleConfig {

    /**
     * Client of the console at the issuer of access tokens.
     *
     * @see <a href="docs/console.md#for-operations">setup</a>
     */
    Optional<String> clientId();

    /** Secret of that client. */
    Optional<String> clientSecret();

    /** Encrypts cookies: at least 32 characters, the same for all replicas. */
    Optional<String> cookieSecret();
}
