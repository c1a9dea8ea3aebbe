package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.limits.HeapShares;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * The connections to the API: at most as many as the heap has room for. When all are in use, a new one takes the place of that which has
 * been without a request for longest, so who only rests, or never ends the head of a request, keeps nobody out.
 */
@Singleton
class Connections implements ConfigurationRule {

    @ConfigMapping(prefix = "liveness.connections")
    interface ConnectionLimits {

        /**
         * Connections to the API at a replica, of 32 KB each; by default, and at most, as many as fit into three eighths of the heap, up to
         * 10,000. <a href="docs/decisions/0061-who-is-not-known-yet-gets-half-of-the-heap.md">Then</a> a new one takes the place of one
         * without a request.
         */
        OptionalInt max();
    }

    /** What a connection that rests takes of the heap, in bytes. */
    private static final int RESTING = 8 * 1024;
    /** More are of no use: a process may have some 20,000 open files. */
    private static final int MOST = 10_000;

    private static final double NEARLY_ALL = 0.9;
    private static final String SET_ASIDE = "quarkus.http.limits.max-connections";

    private final int max;
    private final Refusals refusals;
    private boolean areAccepted;
    private int open;
    /** The connections without a request under way, the one that is so for longest first. */
    private final Set<Channel> idle = new LinkedHashSet<>();
    /** The connections that were without a request when a new one needed their place, and are not closed yet. */
    private final Set<Channel> leaving = new HashSet<>();

    Connections(
            ConnectionLimits config,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize headers,
            @ConfigProperty(name = "quarkus.http.limits.max-initial-line-length") int firstLine,
            @ConfigProperty(name = SET_ASIDE) Optional<Integer> setAside,
            Refusals refusals,
            MeterRegistry registry) {
        if (setAside.isPresent()) {
            throw new IllegalArgumentException(
                    SET_ASIDE + " would refuse whom liveness.connections.max lets in: use that instead");
        }
        this.max = max(config.max(), RESTING + headers.asLongValue() + firstLine, HeapShares.ofConnections());
        this.refusals = refusals;
        Gauge.builder("liveness.connections", this, Connections::open)
                .description("Open connections to the API")
                .register(registry);
        Gauge.builder("liveness.connections.share", this, all -> (double) all.open() / all.max)
                .description("Open connections to the API, of as many as there may be")
                .register(registry);
    }

    /**
     * @param each what a connection takes at most, in bytes
     * @param room for all of them, in bytes
     */
    static int max(OptionalInt configured, long each, long room) {
        int fitting = (int) Math.min(MOST, room / each);
        int max = configured.orElse(fitting);
        if (max < 1 || max > fitting) {
            throw new IllegalArgumentException(
                    "liveness.connections.max=%d: from 1 to %d connections of %d KB (resting, quarkus.http.limits.max-header-size and .max-initial-line-length) fit into three eighths of the heap, %d MB"
                            .formatted(max, fitting, each >> 10, room >> 20));
        }
        return max;
    }

    /** The API listens from now on. */
    synchronized void areAccepted() {
        areAccepted = true;
    }

    /** By the one thread that accepts. @return whether it has a place, which it leaves when it is closed */
    boolean admit(Channel connection) {
        List<Channel> giveWay = new ArrayList<>();
        boolean isAdmitted;
        synchronized (this) {
            // More than one, when others had a request after all.
            while (open < 2 * max && open - leaving.size() >= max && !idle.isEmpty()) {
                Iterator<Channel> longest = idle.iterator();
                giveWay.add(longest.next());
                longest.remove();
                leaving.add(giveWay.get(giveWay.size() - 1));
            }
            isAdmitted = open - leaving.size() < max && open < 2 * max;
            if (isAdmitted) {
                open++;
                idle.add(connection);
            }
        }
        giveWay.forEach(longest -> longest.eventLoop().execute(() -> closeUnlessWorks(longest)));
        if (isAdmitted) {
            connection.closeFuture().addListener(closed -> left(connection));
        } else {
            refusals.count(RefusedBy.CONNECTIONS);
        }
        return isAdmitted;
    }

    /** The connection's own thread calls it, which begins its requests too. */
    private void closeUnlessWorks(Channel connection) {
        boolean isWithoutRequest;
        synchronized (this) {
            isWithoutRequest = leaving.contains(connection);
        }
        if (isWithoutRequest) {
            refusals.count(RefusedBy.CONNECTIONS);
            connection.close();
        }
    }

    /** The connection has no request under way from now on. */
    synchronized void rests(Channel connection) {
        // The connection may have been closed meanwhile.
        if (connection.isActive()) {
            idle.add(connection);
        }
    }

    synchronized void works(Channel connection) {
        idle.remove(connection);
        leaving.remove(connection);
    }

    private synchronized void left(Channel connection) {
        open--;
        idle.remove(connection);
        leaving.remove(connection);
    }

    private synchronized int open() {
        return open;
    }

    /** The number of connections that cannot give way to a new one. */
    private synchronized int working() {
        return open - idle.size() - leaving.size();
    }

    private synchronized boolean isReady() {
        return areAccepted && working() < NEARLY_ALL * max;
    }

    /**
     * A replica is not ready that does not listen yet, as health is asked for at a port that opens earlier, nor one
     * that has a request under way in nine tenths of its connections: load balancers send new ones to others.
     * Connections that rest do not count, else anybody could make all replicas unready with them.
     */
    @Produces
    @Readiness
    @Unremovable
    @Singleton
    HealthCheck ready() {
        return () -> HealthCheckResponse.named("connections")
                .status(isReady())
                .withData("open", open())
                .withData("working", working())
                .withData("max", max)
                .build();
    }
}
