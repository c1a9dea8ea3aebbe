package io.liveness.gateway.testsupport;

import io.liveness.gateway.client.LivenessGateway.CursorStore;
import java.util.concurrent.atomic.AtomicInteger;

/** A reader's place in the feed. */
public final class KeptCursor implements CursorStore {

    private final AtomicInteger saves = new AtomicInteger();
    private final AtomicInteger restores = new AtomicInteger();
    private volatile String place;

    @Override
    public String load() {
        return place;
    }

    @Override
    public void save(String cursor) {
        place = cursor;
        saves.incrementAndGet();
    }

    @Override
    public void restored() {
        restores.incrementAndGet();
    }

    public int restores() {
        return restores.get();
    }

    public int saves() {
        return saves.get();
    }
}
