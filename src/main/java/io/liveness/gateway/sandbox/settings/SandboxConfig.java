package io.liveness.gateway.sandbox.settings;

import io.liveness.gateway.sandbox.issuer.SandboxKeys;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The {@code sandbox.*} properties; see {@link SandboxSettings} for what they mean. */
@ConfigMapping(prefix = "sandbox")
public interface SandboxConfig {

    /** The gateway's own, so that the two sides agree unless one is set apart on purpose. */
    @WithDefault("${jumdata.app-id:sandbox-app}")
    String appId();

    @WithDefault("${jumdata.app-secret:sandbox-secret}")
    String appSecret();

    @WithDefault("life_check_v2")
    String productCode();

    @WithDefault("${jumdata.token-lifetime:2h}")
    Duration tokenLifetime();

    @WithDefault("5m")
    Duration clockTolerance();

    @WithDefault("15s")
    Duration lateVerdictAfter();

    @WithDefault("3s")
    Duration slowAnswer();

    @WithDefault("60s")
    Duration holdAnswer();

    /** Minor units (分). */
    @WithDefault("80")
    long price();

    @WithDefault("0")
    int callsPerSecond();

    Optional<String> baseUrl();

    /**
     * PKCS #8 in base64, of what access tokens are signed with; see {@link SandboxKeys}. Without it the sandbox on the gateway's own
     * port issues none, and the one on a port of its own makes a key at each start.
     */
    Optional<String> signingKey();

    /** Of the sandbox on a port of its own. */
    @WithDefault("8089")
    int port();

    /** Without it the sandbox on a port of its own speaks plain HTTP. */
    Optional<Tls> tls();

    /** Files in PEM. */
    interface Tls {

        String certificate();

        String key();
    }

    static SandboxSettings settings(SandboxConfig config) {
        return new SandboxSettings(
                new SandboxSettings.Account(config.appId(), config.appSecret(), config.productCode()),
                new SandboxSettings.Timing(
                        config.tokenLifetime(),
                        config.clockTolerance(),
                        config.lateVerdictAfter(),
                        config.slowAnswer(),
                        config.holdAnswer()),
                config.price(),
                config.callsPerSecond(),
                config.baseUrl());
    }
}
