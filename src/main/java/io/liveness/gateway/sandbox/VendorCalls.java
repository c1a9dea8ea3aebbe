package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.Books.Call;
import io.liveness.gateway.sandbox.Scenario.InitPlan;
import io.liveness.gateway.sandbox.VendorRequest.WrongParameter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** The vendor's two calls over HTTP, and its answer to every other address of the product. */
final class VendorCalls {

    private static final Logger LOG = Logger.getLogger(VendorCalls.class);

    private final SandboxConfig config;
    private final InstantSource clock;
    private final Books books;
    private final Faces faces;
    private final RateLimit rateLimit;
    private final TaskNumbers taskNumbers = new TaskNumbers();

    VendorCalls(SandboxConfig config, InstantSource clock, Books books, Faces faces) {
        this.config = config;
        this.clock = clock;
        this.books = books;
        this.faces = faces;
        this.rateLimit = new RateLimit(config.callsPerSecond());
    }

    void mount(Router router) {
        mount(router.route("/lifecheck/h5/v2-1/init"), Call.INIT);
        mount(router.route("/lifecheck/h5/v2-1/result"), Call.RESULT);
        router.route("/lifecheck/*")
                .handler(context -> VendorAnswer.refusal(Call.INIT, VendorAnswer.WRONG_ADDRESS, taskNumbers.next())
                        .send(context, config));
    }

    private void mount(Route route, Call call) {
        PlatformHandler received = context -> {
            books.received(call);
            context.next();
        };
        route.handler(received)
                .handler(Json.bodies())
                .handler(context -> answer(context, call).send(context, config))
                .failureHandler(context -> fail(context, call));
    }

    private VendorAnswer answer(RoutingContext context, Call call) {
        String taskNo = taskNumbers.next();
        if (!rateLimit.admits(System.nanoTime())) {
            return VendorAnswer.refusal(call, VendorAnswer.TOO_FREQUENT, taskNo);
        }
        try {
            VendorRequest request = VendorRequest.read(context.request(), config, clock.instant());
            String baseUrl = baseUrl(context.request());
            return call == Call.INIT ? init(request, taskNo, baseUrl) : result(request, taskNo, baseUrl);
        } catch (WrongParameter e) {
            LOG.infof("%s refused: %s", call, e.getMessage());
            return VendorAnswer.refusal(call, VendorAnswer.WRONG_PARAMETER, taskNo);
        }
    }

    private void fail(RoutingContext context, Call call) {
        LOG.infof(context.failure(), "%s could not be read", call);
        VendorAnswer.refusal(call, VendorAnswer.WRONG_PARAMETER, taskNumbers.next())
                .send(context, config);
    }

    /** Where the check page and the face image are reached: as configured, else where the call was sent to. */
    private String baseUrl(HttpServerRequest request) {
        return config.baseUrl()
                .filter(url -> !url.isBlank())
                .map(url -> url.replaceAll("/+$", ""))
                .orElseGet(() -> request.scheme() + "://" + request.authority());
    }

    /** Pre-deducts the fee and opens a check, as far as its scenario lets it. */
    private VendorAnswer init(VendorRequest request, String taskNo, String baseUrl) {
        InitOrder order = InitOrder.read(request);
        if (order.scenario() == Scenario.CODE_609_ONCE && books.firstAttempt(order.returnUrl())) {
            return VendorAnswer.refusal(Call.INIT, VendorAnswer.TOO_FREQUENT, taskNo);
        }
        InitPlan plan = order.scenario().init();
        JsonObject body = VendorAnswer.body(Call.INIT, plan.code(), taskNo);
        plan.charge().ifPresent(charge -> body.put("charge", charge));
        if (plan.opensCheck()) {
            String token = books.open(taskNo, order).opening().token();
            if (plan.token()) {
                String checkUrl = baseUrl + "/lifecheck/v2-1/check/capture.html?token=" + token;
                body.put("data", new JsonObject().put("token", token).put("checkUrl", checkUrl));
            }
        }
        return new VendorAnswer(body, plan.delivery());
    }

    /**
     * Costs nothing, and settles the fee when it tells a verdict.
     *
     * <p>The document is silent on a token the vendor never gave out (here 400) and on reading a verdict again (here always the same
     * answer, also after the token's life).
     */
    private VendorAnswer result(VendorRequest request, String taskNo, String baseUrl) {
        Check check = books.find(request.required("token")).orElseThrow(() -> new WrongParameter("token is unknown"));
        Check.ResultAnswer result = check.ask(clock.instant());
        JsonObject body = VendorAnswer.body(Call.RESULT, result.code(), taskNo);
        if (result.code() == Check.Verdict.PASSED.code()) {
            String face = baseUrl + faces.path(check.opening().taskNo());
            body.put("data", new JsonObject().put("faceImageUrl", face));
        }
        return new VendorAnswer(body, result.delivery());
    }

    /** Numbers of requests: 24 digits like the document's sample, never the same one twice, another series each start. */
    private static final class TaskNumbers {

        private final long series = ThreadLocalRandom.current().nextLong(1_0000_0000L);
        private final AtomicLong count = new AtomicLong();

        String next() {
            return String.format("0434%08d%012d", series, count.incrementAndGet());
        }
    }

    /** A limit of calls in any one second, measured in real time whatever the clock is set to. */
    private static final class RateLimit {

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
