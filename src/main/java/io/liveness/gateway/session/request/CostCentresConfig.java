package io.liveness.gateway.session.request;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;

/** What fees can be charged back to. */
@ConfigMapping(prefix = "liveness.session")
interface CostCentresConfig {

    /** The cost centres that sessions may be opened for; any when not given. */
    Optional<
                    List<
                            @Pattern(
                                    regexp = CostCentre.FORM,
                                    message =
                                            "liveness.session.cost-centres must be names of 1 to 32 characters of A-Za-z0-9._-")
                            String>>
            costCentres();
}
