package io.liveness.gateway.statement.mapping;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a statement says has become of a fee (vendor document, 计费说明). */
@Schema(
        description =
                "The status of a fee in a statement. PRE_DEDUCTED: taken (预扣). CHARGED: final (实扣). REFUNDED: returned (退回).")
public enum StatedStatus {
    PRE_DEDUCTED,
    CHARGED,
    REFUNDED
}
