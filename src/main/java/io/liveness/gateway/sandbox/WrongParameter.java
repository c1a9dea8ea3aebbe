package io.liveness.gateway.sandbox;

/** A call that the vendor answers 400 参数错误. The message is for debugging the caller; it carries no values. */
final class WrongParameter extends RuntimeException {

    WrongParameter(String message) {
        super(message, null, false, false);
    }

    static void unless(boolean rule, String message) {
        if (!rule) {
            throw new WrongParameter(message);
        }
    }
}
