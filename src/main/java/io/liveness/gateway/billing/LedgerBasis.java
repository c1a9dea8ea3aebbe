package io.liveness.gateway.billing;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How we know of a movement of money. */
@Schema(
        description =
                "How the last movement of a fee is known. VENDOR: its flag charge said so. RULE: it follows from its code and its"
                        + " billing rule (vendor document, 计费说明). PRESUMED: its answer was lost, and the rule says what must have happened.")
public enum LedgerBasis {
    /** The vendor's flag {@code charge} said so. */
    VENDOR,
    /** It follows from the vendor's code and its billing rule (vendor document, 计费说明). */
    RULE,
    /** The vendor's answer was lost; its billing rule says what must have happened. */
    PRESUMED
}
