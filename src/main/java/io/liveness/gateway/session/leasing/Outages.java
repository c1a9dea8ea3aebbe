package io.liveness.gateway.session.leasing;

import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * When the database was away. A replica that holds an answer records it within seconds of the return; nothing that could come
 * before it, and contradict it, is begun in that time.
 */
@Singleton
public class Outages {

    private static final Duration AFTERWARDS = Duration.ofSeconds(10);

    private volatile long overNanos = System.nanoTime();

    public void seen() {
        overNanos = System.nanoTime() + AFTERWARDS.toNanos();
    }

    public boolean recent() {
        return System.nanoTime() - overNanos < 0;
    }
}
