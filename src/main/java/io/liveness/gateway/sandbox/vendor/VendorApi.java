package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.books.Books;
import io.liveness.gateway.sandbox.books.CallTime;
import io.liveness.gateway.sandbox.check.Form;
import io.liveness.gateway.sandbox.check.WrongParameter;
import io.liveness.gateway.sandbox.http.PublicAddress;
import io.liveness.gateway.sandbox.http.RequestBody;
import io.liveness.gateway.sandbox.scenario.VendorCode;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.PlatformHandler;
import org.jboss.logging.Logger;

/** The vendor's two calls over HTTP, and its answer to every other address of the product. */
public final class VendorApi {

    private static final Logger LOG = Logger.getLogger(VendorApi.class);

    private final RequestCheck requests;
    private final RateLimit rateLimit;
    private final InitCall init;
    private final ResultCall result;
    private final Books books;
    private final PublicAddress address;
    private final AnswerSender sender;
    private final TaskNumbers taskNumbers = new TaskNumbers();

    public VendorApi(
            SandboxSettings settings,
            RequestCheck requests,
            InitCall init,
            ResultCall result,
            Books books,
            PublicAddress address) {
        this.requests = requests;
        this.rateLimit = new RateLimit(settings.callsPerSecond());
        this.init = init;
        this.result = result;
        this.books = books;
        this.address = address;
        this.sender = new AnswerSender(settings.timing());
    }

    public void mount(Router router) {
        mount(router.route("/lifecheck/h5/v2-1/init"), CallTime.Call.INIT);
        mount(router.route("/lifecheck/h5/v2-1/result"), CallTime.Call.RESULT);
        router.route("/lifecheck/*")
                .handler(context -> sender.send(context, Answer.refusal(VendorCode.WRONG_ADDRESS, taskNumbers.next())));
    }

    private void mount(Route route, CallTime.Call call) {
        PlatformHandler received = context -> {
            books.received(call);
            context.next();
        };
        route.handler(received)
                .handler(RequestBody.handler())
                .handler(context -> sender.send(context, answer(context, call)))
                .failureHandler(context -> fail(context, call));
    }

    private Answer answer(RoutingContext context, CallTime.Call call) {
        String taskNo = taskNumbers.next();
        if (!rateLimit.admits(System.nanoTime())) {
            return refusal(call, VendorCode.TOO_FREQUENT, taskNo);
        }
        try {
            Form form = requests.check(context.request());
            String baseUrl = address.of(context.request());
            return call == CallTime.Call.INIT
                    ? init.answer(form, taskNo, baseUrl)
                    : result.answer(form, taskNo, baseUrl);
        } catch (WrongParameter e) {
            LOG.infof("%s refused: %s", call, e.getMessage());
            return refusal(call, VendorCode.WRONG_PARAMETER, taskNo);
        }
    }

    private void fail(RoutingContext context, CallTime.Call call) {
        LOG.infof(context.failure(), "%s could not be read", call);
        sender.send(context, refusal(call, VendorCode.WRONG_PARAMETER, taskNumbers.next()));
    }

    private static Answer refusal(CallTime.Call call, int code, String taskNo) {
        return call == CallTime.Call.INIT ? Answer.refusal(code, taskNo) : Answer.plain(ResultCall.body(code, taskNo));
    }
}
