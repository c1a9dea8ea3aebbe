package io.liveness.gateway.sandbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** How the imitated vendor behaves: as its document says where it speaks, by moderate values where it does not. */
@ConfigMapping(prefix = "sandbox")
public interface SandboxConfig {

    /** Account that the sandbox accepts; the gateway's by default. */
    @WithDefault("${jumdata.app-id:sandbox-app}")
    String appId();

    /** Secret of that account; the gateway's by default. */
    @WithDefault("${jumdata.app-secret:sandbox-secret}")
    String appSecret();

    /** Lifetime of a token; the gateway's by default. */
    @WithDefault("${jumdata.token-lifetime:2h}")
    Duration tokenLifetime();

    /** Time after init at which scenario {@code late} has its verdict. */
    @WithDefault("15s")
    Duration lateVerdictAfter();

    /** Time after which scenario {@code slow} answers init. */
    @WithDefault("3s")
    Duration slowAnswer();

    /** Price of a check in minor units (分), with a fraction where it is finer. */
    @WithDefault("80")
    BigDecimal price();

    /** Calls answered in a second; more are answered 609. {@code 0}: no limit. */
    @WithDefault("0")
    int callsPerSecond();

    /** Address at which browsers reach the sandbox; the address of the init call by default. */
    Optional<String> baseUrl();

    /**
     * Private key of access tokens, PKCS #8 in base64. Without it the sandbox on the gateway's port issues none, and the
     * one on a separate port makes a key at each start.
     */
    Optional<String> signingKey();

    /** Port of the sandbox in a separate process. */
    @WithDefault("8089")
    int port();

    /** TLS of the sandbox in a separate process. Plain HTTP by default. */
    Optional<Tls> tls();

    /** Files in PEM. */
    interface Tls {

        /** Certificate in PEM. */
        String certificate();

        /** Private key in PEM. */
        String key();
    }
}
