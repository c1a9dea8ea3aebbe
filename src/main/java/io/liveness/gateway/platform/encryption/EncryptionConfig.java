package io.liveness.gateway.platform.encryption;

import io.smallrye.config.ConfigMapping;
import java.util.List;

/** Keys for what is encrypted at rest. */
@ConfigMapping(prefix = "liveness.encryption")
interface EncryptionConfig {

    /** {@code <id>:<base64 of 32 bytes>,…}; the first one writes, all of them read. No default: there is no start without. */
    List<String> keys();
}
