package io.liveness.gateway.platform;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.impl.resolver.DefaultResolverProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Looks up names with Java's resolver on separate threads, one look-up for each name at a time: a look-up blocks while the name server is
 * silent, and an event loop must not block.
 */
public final class NameLookUps extends AddressResolverGroup<InetSocketAddress> {

    /** Blocks until the addresses of a host are known. */
    public interface LookUp {

        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final LookUp lookUp;
    private final Executor threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "name-look-up");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, CompletableFuture<List<InetAddress>>> underWay = new ConcurrentHashMap<>();

    public NameLookUps(LookUp lookUp) {
        this.lookUp = lookUp;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new InThreads(executor).asAddressResolver();
    }

    /** All addresses of a host; fails with {@link UnknownHostException} when there are none. */
    public CompletableFuture<List<InetAddress>> addresses(String host) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> others = underWay.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        threads.execute(() -> {
            try {
                mine.complete(List.of(lookUp.addresses(host)));
            } catch (UnknownHostException | RuntimeException e) {
                mine.completeExceptionally(e);
            } finally {
                underWay.remove(host);
            }
        });
        return mine;
    }

    private final class InThreads extends InetNameResolver {

        InThreads(EventExecutor executor) {
            super(executor);
        }

        @Override
        protected void doResolve(String host, Promise<InetAddress> promise) {
            look(host, promise, addresses -> promise.trySuccess(addresses.get(0)));
        }

        @Override
        protected void doResolveAll(String host, Promise<List<InetAddress>> promise) {
            look(host, promise, promise::trySuccess);
        }

        private void look(String host, Promise<?> promise, Consumer<List<InetAddress>> found) {
            addresses(host).whenComplete((addresses, failure) -> {
                if (failure == null) {
                    found.accept(addresses);
                } else {
                    promise.tryFailure(failure instanceof CompletionException ? failure.getCause() : failure);
                }
            });
        }
    }

    /**
     * Takes the place of Vert.x' default look-up in the native executable, where it would block event loops. Quarkus has no other there: it
     * leaves {@code quarkus.vertx.use-async-dns} aside, and with it {@code quarkus.vertx.resolver}.
     */
    @TargetClass(DefaultResolverProvider.class)
    static final class InTheExecutable {

        private InTheExecutable() {}

        @Substitute
        public AddressResolverGroup<InetSocketAddress> resolver(AddressResolverOptions options) {
            return new NameLookUps(InetAddress::getAllByName);
        }
    }
}
