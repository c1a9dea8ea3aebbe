package io.liveness.gateway.platform.encryption;

import io.smallrye.config.ConfigMapping;
import java.util.List;

/** Keys for data that is encrypted at rest. */
@ConfigMapping(prefix = "liveness.encryption")
interface EncryptionConfig {

    /**
     * {@code <id>:<base64 of 32 bytes>,…}. The first key encrypts, all keys decrypt. An id has 1 to 64 characters of
     * {@code A-Za-z0-9._-}.
     *
     * @see <a href="docs/configuration.md#encryption-keys">rotation</a>
     */
    List<String> keys();
}
