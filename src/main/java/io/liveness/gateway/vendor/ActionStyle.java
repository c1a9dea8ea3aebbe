package io.liveness.gateway.vendor;

/** How the actions of a check are chosen (vendor document, actionStyle参数说明). */
public enum ActionStyle {
    /** One random head action and one random facial action, in random order; the vendor's default. */
    HEAD_AND_FACE(1),
    /** One random facial action. */
    FACE(2),
    /** The actions given with the order, in that sequence. */
    CUSTOM(3),
    /** No action at all. */
    SILENT(-1);

    private final int vendorValue;

    ActionStyle(int vendorValue) {
        this.vendorValue = vendorValue;
    }

    /** The value of the vendor's parameter {@code actionStyle}. */
    public int vendorValue() {
        return vendorValue;
    }
}
