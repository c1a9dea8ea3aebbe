package io.liveness.gateway.vendor;

/**
 * A movement the person is asked for (vendor document, actions参数说明). The constants carry the vendor's own spelling, which
 * our API shares, so that no table of names stands between the two.
 */
public enum Action {
    LookLeft,
    LookRight,
    OpenMouth,
    BlinkEye,
    ShakeHead,
    NodHead
}
