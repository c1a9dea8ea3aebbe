package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.books.Books;
import io.liveness.gateway.sandbox.books.Books.CallTime;
import io.liveness.gateway.sandbox.check.Form;
import io.liveness.gateway.sandbox.check.WrongParameter;
import io.liveness.gateway.sandbox.http.Json;
import io.liveness.gateway.sandbox.scenario.AnswerCode;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** The vendor's two calls over HTTP, and its answer to every other address of the product. */
public final class VendorCalls {

    private static final Logger LOG = Logger.getLogger(VendorCalls.class);

    private final RequestCheck requests;
    private final RateLimit rateLimit;
    private final InitCall init;
    private final ResultCall result;
    private final Books books;
    private final SandboxConfig config;
    private final TaskNumbers taskNumbers = new TaskNumbers();

    public VendorCalls(SandboxConfig config, RequestCheck requests, InitCall init, ResultCall result, Books books) {
        this.requests = requests;
        this.rateLimit = new RateLimit(config.callsPerSecond());
        this.init = init;
        this.result = result;
        this.books = books;
        this.config = config;
    }

    public void mount(Router router) {
        mount(router.route("/lifecheck/h5/v2-1/init"), CallTime.Call.INIT);
        mount(router.route("/lifecheck/h5/v2-1/result"), CallTime.Call.RESULT);
        router.route("/lifecheck/*")
                .handler(context -> Answer.refusal(AnswerCode.WRONG_ADDRESS, taskNumbers.next())
                        .send(context, config));
    }

    private void mount(Route route, CallTime.Call call) {
        PlatformHandler received = context -> {
            books.received(call);
            context.next();
        };
        route.handler(received)
                .handler(Json.bodies())
                .handler(context -> answer(context, call).send(context, config))
                .failureHandler(context -> fail(context, call));
    }

    private Answer answer(RoutingContext context, CallTime.Call call) {
        String taskNo = taskNumbers.next();
        if (!rateLimit.admits(System.nanoTime())) {
            return refusal(call, AnswerCode.TOO_FREQUENT, taskNo);
        }
        try {
            Form form = requests.check(context.request());
            String baseUrl = baseUrl(context.request());
            return call == CallTime.Call.INIT
                    ? init.answer(form, taskNo, baseUrl)
                    : result.answer(form, taskNo, baseUrl);
        } catch (WrongParameter e) {
            LOG.infof("%s refused: %s", call, e.getMessage());
            return refusal(call, AnswerCode.WRONG_PARAMETER, taskNo);
        }
    }

    /** As configured, else where the call was sent to. */
    private String baseUrl(HttpServerRequest request) {
        return config.baseUrl()
                .filter(url -> !url.isBlank())
                .map(url -> url.replaceAll("/+$", ""))
                .orElseGet(() -> request.scheme() + "://" + request.authority());
    }

    private void fail(RoutingContext context, CallTime.Call call) {
        LOG.infof(context.failure(), "%s could not be read", call);
        refusal(call, AnswerCode.WRONG_PARAMETER, taskNumbers.next()).send(context, config);
    }

    private static Answer refusal(CallTime.Call call, int code, String taskNo) {
        return call == CallTime.Call.INIT ? Answer.refusal(code, taskNo) : Answer.plain(ResultCall.body(code, taskNo));
    }

    /** Numbers of requests: 24 digits like the document's sample, never the same one twice, another series each start. */
    static final class TaskNumbers {

        private final long series = ThreadLocalRandom.current().nextLong(1_0000_0000L);
        private final AtomicLong count = new AtomicLong();

        String next() {
            return String.format("0434%08d%012d", series, count.incrementAndGet());
        }
    }

    /** So many calls in any one second, measured in real time whatever the clock is set to. */
    static final class RateLimit {

        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private final int perSecond;
        private final Deque<Long> admitted = new ArrayDeque<>();

        /** @param perSecond 0 for no limit */
        RateLimit(int perSecond) {
            this.perSecond = perSecond;
        }

        synchronized boolean admits(long nanos) {
            while (!admitted.isEmpty() && nanos - admitted.peekFirst() >= SECOND) {
                admitted.removeFirst();
            }
            return perSecond == 0 || admitted.size() < perSecond && admitted.add(nanos);
        }
    }
}
