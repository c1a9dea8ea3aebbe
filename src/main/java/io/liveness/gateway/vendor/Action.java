package io.liveness.gateway.vendor;

/** A movement that the check asks for (vendor document, actions参数说明). The constants have the vendor's spelling, which the API shares. */
public enum Action {
    LookLeft,
    LookRight,
    OpenMouth,
    BlinkEye,
    ShakeHead,
    NodHead
}
