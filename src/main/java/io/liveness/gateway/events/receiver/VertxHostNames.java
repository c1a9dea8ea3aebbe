package io.liveness.gateway.events.receiver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.future.PromiseInternal;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Resolves names as all clients of this Vert.x do. Its public API gives one address of a host only. */
@Singleton
class VertxHostNames implements HostNames {

    private final VertxInternal vertx;

    VertxHostNames(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
    }

    @Override
    public Future<List<InetAddress>> addresses(String host) {
        ContextInternal context = vertx.getOrCreateContext();
        PromiseInternal<List<InetSocketAddress>> found = context.promise();
        vertx.nettyAddressResolverGroup()
                .getResolver(context.nettyEventLoop())
                .resolveAll(InetSocketAddress.createUnresolved(host, 0))
                .addListener(found);
        return found.future()
                .map(all -> all.stream().map(InetSocketAddress::getAddress).toList());
    }
}
