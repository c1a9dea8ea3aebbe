package io.liveness.gateway.events.receiver;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Resolves names of hosts. */
interface HostNames {

    /** All addresses of a host, preferred ones first. Completes on the caller's Vert.x context; fails when there are none. */
    Future<List<InetAddress>> addresses(String host);
}
