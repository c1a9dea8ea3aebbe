package io.liveness.gateway.books;

/** How we know of a movement of money. */
public enum LedgerBasis {
    /** The vendor's flag {@code charge} said so. */
    VENDOR,
    /** The entry follows from the vendor's code and its billing rule (vendor document, 计费说明). */
    RULE,
    /** The vendor's answer was lost; its billing rule says what must have happened. */
    PRESUMED,
    /** A caller said so: another integration had opened the session, which was imported. */
    IMPORTED
}
