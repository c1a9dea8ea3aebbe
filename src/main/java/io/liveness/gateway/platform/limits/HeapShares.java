package io.liveness.gateway.platform.limits;

/** How much of the heap requests may take that are not complete yet: half of it, so that the rest is left for those that are. */
public final class HeapShares {

    private HeapShares() {}

    /** For connections and the heads of their requests, in bytes. */
    public static long ofConnections() {
        return Runtime.getRuntime().maxMemory() / 8 * 3;
    }

    /** For bodies, in bytes. */
    public static int ofBodies() {
        return (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 8);
    }
}
