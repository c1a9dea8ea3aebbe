package io.liveness.gateway.open;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;

/** Cost centres of sessions. */
@ConfigMapping(prefix = "liveness.session")
interface CostCentresConfig {

    /**
     * Allowed cost centres, 1 to 32 of {@code A-Za-z0-9._-}; any by default.
     *
     * @see <a href="docs/finance.md#cost-centres">cost centres</a>
     */
    Optional<
                    List<
                            @Pattern(
                                    regexp = OpenSessionRequest.COST_CENTRE,
                                    message =
                                            "liveness.session.cost-centres must be names of 1 to 32 characters of A-Za-z0-9._-")
                            String>>
            costCentres();
}
