package io.liveness.gateway.platform.names;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.resolver.AddressResolverGroup;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.impl.resolver.DefaultResolverProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Takes the place of Vert.x' default look-up in the native executable, where it would block event loops. Quarkus has no other there: it
 * leaves {@code quarkus.vertx.use-async-dns} aside, and with it {@code quarkus.vertx.resolver}.
 */
@TargetClass(DefaultResolverProvider.class)
final class NativeNameLookUps {

    private NativeNameLookUps() {}

    @Substitute
    public AddressResolverGroup<InetSocketAddress> resolver(AddressResolverOptions options) {
        return new NameLookUps(InetAddress::getAllByName);
    }
}
