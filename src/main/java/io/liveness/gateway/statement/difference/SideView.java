package io.liveness.gateway.statement.difference;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.LedgerBasis;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.statement.difference.DifferenceRow.Side;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One of the two books, as the API tells it. */
@Schema(name = "StatementSide", description = "A fee as one of the two sides has it. Unknown values are left out.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SideView(
        @Schema(
                description = "PRE_DEDUCTED, CHARGED or REFUNDED; on our side also UNCONFIRMED.",
                enumeration = {"PRE_DEDUCTED", "UNCONFIRMED", "CHARGED", "REFUNDED"})
        String status,

        @Schema(description = "On our side: how the status is known.")
        LedgerBasis basis,

        @Schema(description = "The amount; for a control total, the sum.")
        AmountView amount,

        @Schema(description = "When the fee was taken.") Instant at) {

    static SideView of(Side side) {
        return new SideView(
                side.status().orElse(null),
                side.basis().map(LedgerBasis::valueOf).orElse(null),
                side.amount()
                        .map(minor ->
                                AmountView.of(new Money(minor, side.currency().orElseThrow())))
                        .orElse(null),
                side.at().orElse(null));
    }
}
