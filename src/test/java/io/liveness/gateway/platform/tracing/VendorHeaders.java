package io.liveness.gateway.platform.tracing;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Headers of the calls that the sandbox gets in the vendor's place. */
@Singleton
class VendorHeaders {

    private final List<MultiMap> seen = new CopyOnWriteArrayList<>();

    void watch(@Observes Filters filters) {
        filters.register(
                call -> {
                    if (call.request().path().startsWith("/lifecheck/")) {
                        seen.add(MultiMap.caseInsensitiveMultiMap()
                                .addAll(call.request().headers()));
                    }
                    call.next();
                },
                1);
    }

    List<MultiMap> seen() {
        return List.copyOf(seen);
    }
}
