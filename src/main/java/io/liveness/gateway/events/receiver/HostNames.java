package io.liveness.gateway.events.receiver;

import io.liveness.gateway.platform.NameLookUps;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;

/** Resolves names of hosts. */
interface HostNames {

    /** All addresses of a host, preferred ones first. Completes on the caller's Vert.x context; fails when there are none. */
    Future<List<InetAddress>> addresses(String host);

    /** By Java's resolver: the API of Vert.x gives one address of a host only. */
    @Singleton
    class OfThisMachine implements HostNames {

        private final NameLookUps lookUps = new NameLookUps(InetAddress::getAllByName);

        @Override
        public Future<List<InetAddress>> addresses(String host) {
            return Future.fromCompletionStage(lookUps.addresses(host), Vertx.currentContext());
        }
    }
}
