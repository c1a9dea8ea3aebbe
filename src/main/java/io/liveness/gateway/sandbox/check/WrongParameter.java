package io.liveness.gateway.sandbox.check;

/** A call that the vendor answers 400 参数错误. The message is for debugging the caller; it carries no values. */
public final class WrongParameter extends RuntimeException {

    public WrongParameter(String message) {
        super(message, null, false, false);
    }

    public static void unless(boolean rule, String message) {
        if (!rule) {
            throw new WrongParameter(message);
        }
    }
}
