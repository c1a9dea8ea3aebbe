package io.liveness.gateway.platform.security;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Roles for tokens that carry none. */
@ConfigMapping(prefix = "liveness")
interface RolesConfig {

    /**
     * {@code <sub of a token>=<role>+<role>,…}, for example {@code system:serviceaccount:shop:checkout=liveness}.
     *
     * @see <a href="docs/configuration.md#callers-and-roles">callers and roles</a>
     */
    Optional<List<String>> roles();
}
