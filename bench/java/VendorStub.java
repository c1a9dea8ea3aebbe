import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The vendor, which accepts each init and answers at once. {@code GET /plain} is the limit of HTTP: the same server and the same
 * JSON as a read of the gateway, and nothing behind it.
 *
 * <p>Set from outside: {@code PUT /verdict}, the code of each result from now on, and {@code PUT /plain}.
 */
public final class VendorStub extends AbstractVerticle {

    private static final String INIT = """
            {"code":200,"msg":"成功","taskNo":"%1$024d","charge":true,"data":{"token":"%1$032x",\
            "checkUrl":"https://api-h5.jumdata.com/lifecheck/v2-1/check/capture.html?token=%1$032x"}}""";
    private static final String RESULT = """
            {"code":%2$s,"msg":"活体检测通过","taskNo":"%1$024d","data":{"faceImageUrl":"https://face.jumdata.com/%1$032x.jpg"}}""";

    private static final AtomicLong NUMBER = new AtomicLong(System.currentTimeMillis() << 20);
    private static volatile String verdict = "201";
    private static volatile Buffer plain = Buffer.buffer("{}");
    private static int port;

    /** @param arguments the port */
    public static void main(String[] arguments) {
        port = Integer.parseInt(arguments[0]);
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx.vertx().deployVerticle(VendorStub.class, new DeploymentOptions().setInstances(loops)).onFailure(e -> {
            e.printStackTrace();
            System.exit(1);
        });
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer()
                .requestHandler(this::receive)
                .listen(port, "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }

    /** Answers when the request was read to its end: an earlier close would reset the connection. */
    private void receive(HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            answer(request, plain);
        } else {
            request.body().onSuccess(body -> answer(request, answer(request.path(), body)));
        }
    }

    private static Buffer answer(String path, Buffer body) {
        switch (path) {
            case "/lifecheck/h5/v2-1/init":
                return Buffer.buffer(INIT.formatted(NUMBER.incrementAndGet()));
            case "/lifecheck/h5/v2-1/result":
                return Buffer.buffer(RESULT.formatted(NUMBER.incrementAndGet(), verdict));
            case "/verdict":
                verdict = body.toString();
                return Buffer.buffer();
            case "/plain":
                plain = body;
                return Buffer.buffer();
            default:
                throw new IllegalArgumentException(path);
        }
    }

    private static void answer(HttpServerRequest request, Buffer body) {
        request.response().putHeader("Content-Type", "application/json;charset=UTF-8").end(body);
    }
}
