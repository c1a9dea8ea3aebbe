package io.liveness.gateway.platform.limits;

/** How much of the heap requests may take that are not complete yet: half of it, so that the rest is left for those that are. */
public final class HeapShares {

    private HeapShares() {}

    /** The bytes for connections and the heads of their requests. */
    public static long ofConnections() {
        return Runtime.getRuntime().maxMemory() / 8 * 3;
    }

    /** The bytes for bodies. */
    public static int ofBodies() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8);
    }
}
