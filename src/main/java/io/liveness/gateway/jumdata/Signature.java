package io.liveness.gateway.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;

/** Signs a call (vendor document, 签名算法说明). The signature covers the account and the time, not the business parameters. */
@ApplicationScoped
class Signature {

    private final JumdataConfig config;
    private final InstantSource time;

    Signature(JumdataConfig config, InstantSource time) {
        this.config = config;
        this.time = time;
    }

    /** The common parameters of a call that is sent now. */
    CommonParameters now() {
        long timestamp = time.millis();
        return new CommonParameters(
                config.appId(),
                timestamp,
                sha256(config.appId() + config.appSecret() + timestamp),
                config.productCode());
    }

    private static String sha256(String text) {
        try {
            // HexFormat.of() writes lower case. The vendor does not state the case; its samples of other products have
            // it so.
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
