package io.liveness.gateway.sandbox.vendor;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Numbers of requests: 24 digits like the document's sample, never the same one twice, another series each start. */
final class TaskNumbers {

    private final long series = ThreadLocalRandom.current().nextLong(1_0000_0000L);
    private final AtomicLong count = new AtomicLong();

    String next() {
        return String.format("0434%08d%012d", series, count.incrementAndGet());
    }
}
