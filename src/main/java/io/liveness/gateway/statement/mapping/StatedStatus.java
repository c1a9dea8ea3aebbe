package io.liveness.gateway.statement.mapping;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a statement says has become of a fee (vendor document, 计费说明). */
@Schema(
        description =
                "What a statement says of a fee. PRE_DEDUCTED: taken (预扣). CHARGED: final (实扣). REFUNDED: came back (退回).")
public enum StatedStatus {
    PRE_DEDUCTED,
    CHARGED,
    REFUNDED
}
