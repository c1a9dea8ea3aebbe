package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.check.Check;
import io.liveness.gateway.sandbox.check.CheckVerdict;
import io.liveness.gateway.sandbox.check.Checks;
import io.liveness.gateway.sandbox.check.InitOrder;
import io.liveness.gateway.sandbox.http.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;

/** What the imitated check page calls. */
final class CaptureApi {

    private static final String PATH = "/sandbox/checks/:token";

    private final Checks checks;
    private final InstantSource clock;

    CaptureApi(Checks checks, InstantSource clock) {
        this.checks = checks;
        this.clock = clock;
    }

    void mount(Router router) {
        router.get(PATH).handler(this::show);
        router.post(PATH + "/finish").handler(Json.bodies()).handler(this::finish);
    }

    private void show(RoutingContext context) {
        find(context)
                .ifPresentOrElse(
                        check -> Json.ok(context, describe(check)), () -> Json.error(context, 404, "unknown token"));
    }

    private JsonObject describe(Check check) {
        InitOrder order = check.opening().order();
        return new JsonObject()
                .put("title", order.title().orElse(""))
                .put("actionStyle", order.actionStyle())
                .put("actions", new JsonArray(check.opening().actions()))
                .put("actionMutex", order.actionMutex())
                .put("antiCameraHack", order.antiCameraHack())
                .put("returnUrl", order.returnUrl())
                .put("state", check.state(clock.instant()).name());
    }

    private void finish(RoutingContext context) {
        Optional<CheckVerdict> verdict =
                Json.body(context).flatMap(body -> CheckVerdict.named(String.valueOf(body.getValue("verdict"))));
        Optional<Check> check = find(context);
        if (check.isEmpty()) {
            Json.error(context, 404, "unknown token");
        } else if (verdict.isEmpty()) {
            Json.error(context, 400, "verdict must be passed, not-passed or failed");
        } else {
            finish(context, check.get(), verdict.get());
        }
    }

    private void finish(RoutingContext context, Check check, CheckVerdict verdict) {
        check.finish(verdict, clock.instant())
                .ifPresentOrElse(
                        counts -> Json.ok(
                                context,
                                new JsonObject()
                                        .put(
                                                "returnUrl",
                                                check.opening().order().returnUrl())
                                        .put("passed", counts == CheckVerdict.PASSED)),
                        () -> Json.error(context, 409, "finished or expired already"));
    }

    private Optional<Check> find(RoutingContext context) {
        return checks.find(context.pathParam("token"));
    }
}
