package io.liveness.gateway.billing;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How we know of a movement of money. */
@Schema(
        description =
                "How the last movement of a fee is known. VENDOR: from the flag charge in the vendor's answer. RULE:"
                        + " from the vendor's code and its billing rule (vendor document, 计费说明). PRESUMED: from the billing"
                        + " rule alone, because the vendor's answer was lost.")
public enum LedgerBasis {
    /** The vendor's flag {@code charge} said so. */
    VENDOR,
    /** It follows from the vendor's code and its billing rule (vendor document, 计费说明). */
    RULE,
    /** The vendor's answer was lost; its billing rule says what must have happened. */
    PRESUMED
}
