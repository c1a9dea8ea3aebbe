package io.liveness.gateway.schedule;

import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * When the database was away. A replica that holds an answer records it within seconds of the return; nothing that could come
 * before it, and contradict it, is begun in that time.
 */
@Singleton
public class Outages {

    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    // A process that has just started may have done so while the database was away, or when it returned.
    private volatile long overNanos = soon();

    public void seen() {
        overNanos = soon();
    }

    private static long soon() {
        return System.nanoTime() + AFTERWARDS.toNanos();
    }

    public boolean recent() {
        return System.nanoTime() - overNanos < 0;
    }
}
