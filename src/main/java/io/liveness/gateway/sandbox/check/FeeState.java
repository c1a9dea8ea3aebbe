package io.liveness.gateway.sandbox.check;

/** What has become of a fee taken at init (vendor document, 计费说明). */
public enum FeeState {
    PRE_DEDUCTED("预扣"),
    CHARGED("实扣"),
    REFUNDED("退回");

    private final String word;

    FeeState(String word) {
        this.word = word;
    }

    /** The word on the vendor's statement. */
    public String word() {
        return word;
    }
}
