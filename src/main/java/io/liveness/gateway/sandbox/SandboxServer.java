package io.liveness.gateway.sandbox;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.InstantSource;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** The sandbox on a separate port, for a gateway in another process. */
public final class SandboxServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SandboxServer.class);

    private final Vertx vertx;
    private final Sandbox sandbox;
    private final String url;

    private SandboxServer(Sandbox sandbox, Vertx vertx, Router router, HttpServerOptions options) {
        this.vertx = vertx;
        this.sandbox = sandbox;
        sandbox.mount(router);
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        this.url = (options.isSsl() ? "https" : "http") + "://localhost:" + server.actualPort();
    }

    /** Runs it by the system's clock. */
    public static SandboxServer start(SandboxConfig config, int port) {
        return start(config, port, Clock.systemUTC());
    }

    /** @param port 0 for any free one */
    public static SandboxServer start(SandboxConfig config, int port, InstantSource clock) {
        Vertx vertx = vertx();
        return new SandboxServer(
                new Sandbox(config, clock), vertx, Router.router(vertx), new HttpServerOptions().setPort(port));
    }

    /**
     * Starts it on the configured port, with TLS where that is configured, and with an issuer of access tokens beside
     * it.
     */
    public static SandboxServer start(SandboxConfig config) {
        Vertx vertx = vertx();
        Router router = Router.router(vertx);
        SandboxKeys keys = config.signingKey().map(SandboxKeys::restore).orElseGet(SandboxKeys::generate);
        new TokenIssuer(keys).mount(router);
        HttpServerOptions options = new HttpServerOptions().setPort(config.port());
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .setCertPath(tls.certificate())
                                .setKeyPath(tls.key())));
        Sandbox sandbox = new Sandbox(config, Clock.systemUTC());
        return new SandboxServer(sandbox, vertx, router, options);
    }

    /** One that writes nothing to the disk. */
    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }

    /** The address without a slash at the end. */
    public String url() {
        return url;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Takes the {@code sandbox.*} properties as system properties or environment variables. */
    public static void main(String... args) {
        SandboxServer server = start(config());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        LOG.infof("The sandbox vendor listens on %s", server.url());
    }

    public static SandboxConfig config(ConfigSource... more) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addSystemSources()
                .withSources(more)
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(SandboxConfig.class)
                .build();
        return config.getConfigMapping(SandboxConfig.class);
    }
}
