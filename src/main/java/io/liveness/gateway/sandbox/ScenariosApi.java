package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.http.JsonAnswer;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** The scenarios, for the start page to choose from. */
final class ScenariosApi {

    private ScenariosApi() {}

    static void mount(Router router) {
        router.get("/sandbox/scenarios").handler(ScenariosApi::list);
    }

    private static void list(RoutingContext context) {
        JsonArray scenarios = new JsonArray();
        Scenario.scripted().forEach(scenario -> scenarios.add(describe(scenario)));
        JsonAnswer.ok(context, scenarios);
    }

    private static JsonObject describe(Scenario scenario) {
        return new JsonObject()
                .put("name", scenario.wireName())
                .put("title", scenario.title())
                .put("zh", scenario.chinese())
                .put("en", scenario.english());
    }
}
