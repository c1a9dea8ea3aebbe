package io.liveness.gateway.finance;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a fee stands; as a session's charge status, which is also {@code NONE}. */
@Schema(
        description =
                "State of a fee (vendor document, 计费说明). PRE_DEDUCTED: taken at init, no verdict yet. UNCONFIRMED:"
                        + " possibly taken; init's answer was lost. CHARGED: final, verdict 200 or 202. REFUNDED: returned by"
                        + " the vendor.")
public enum FeeStatus {
    PRE_DEDUCTED,
    UNCONFIRMED,
    CHARGED,
    REFUNDED
}
