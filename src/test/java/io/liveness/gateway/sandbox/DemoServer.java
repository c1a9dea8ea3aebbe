package io.liveness.gateway.sandbox;

import io.liveness.gateway.platform.postgres.Batch;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.function.Supplier;

/** The demo as dev mode has it, beside a gateway in another process: it makes the month in that one's database, and leads to its console. */
public final class DemoServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final Supplier<Connection> database;
    private final HttpServer server;

    public DemoServer(Supplier<Connection> database, String gateway) {
        this.database = database;
        SandboxConfig config = SandboxSettings.defaults().config();
        Router router = Router.router(vertx);
        router.get("/console/*")
                .handler(request -> request.redirect(gateway + request.request().uri()));
        new MakeMonth(this::transact, config).mount(router);
        new Sandbox(config, Clock.systemUTC()).mount(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String url() {
        return "http://localhost:" + server.actualPort();
    }

    private <T> T transact(Batch.Work<T> work) {
        try (Connection connection = database.get()) {
            connection.setAutoCommit(false);
            T result = work.with(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
