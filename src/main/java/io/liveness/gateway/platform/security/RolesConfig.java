package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Roles that tokens do not carry themselves, such as those of a Kubernetes service account. */
@ConfigMapping(prefix = "liveness")
interface RolesConfig {

    /** {@code <sub of the token>=<role>+<role>,…}, for example {@code system:serviceaccount:shop:checkout=liveness}. */
    Optional<List<String>> roles();
}
