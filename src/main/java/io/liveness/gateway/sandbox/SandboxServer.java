package io.liveness.gateway.sandbox;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;

/** The sandbox on a port of its own, for a gateway in another process. */
public final class SandboxServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SandboxServer.class);
    private static final String PORT_OPTION = "--port=";
    private static final String DEFAULT_PORT = "8089";

    private final Vertx vertx;
    private final Sandbox sandbox;
    private final int port;

    private SandboxServer(Vertx vertx, Sandbox sandbox, int port) {
        this.vertx = vertx;
        this.sandbox = sandbox;
        this.port = port;
    }

    /** Runs it by the system's clock. */
    public static SandboxServer start(SandboxSettings settings, int port) {
        return start(settings, port, Clock.systemUTC());
    }

    /** @param port 0 for any free one */
    public static SandboxServer start(SandboxSettings settings, int port, InstantSource clock) {
        Vertx vertx = Vertx.vertx();
        Sandbox sandbox = new Sandbox(vertx, settings, clock);
        Router router = Router.router(vertx);
        sandbox.mount(router);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(port)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return new SandboxServer(vertx, sandbox, server.actualPort());
    }

    /** Without a slash at the end. */
    public String url() {
        return "http://localhost:" + port;
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Takes {@code --port=8089} and the {@code sandbox.*} properties as system properties or environment variables. */
    public static void main(String... args) {
        String port = Stream.of(args)
                .filter(option -> option.startsWith(PORT_OPTION))
                .map(option -> option.substring(PORT_OPTION.length()))
                .findFirst()
                .orElse(DEFAULT_PORT);
        SandboxServer server = start(SandboxConfig.settings(config()), Integer.parseInt(port));
        LOG.infof("The sandbox vendor listens on %s", server.url());
    }

    static SandboxConfig config(ConfigSource... more) {
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
