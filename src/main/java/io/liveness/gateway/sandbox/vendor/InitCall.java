package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.books.Books;
import io.liveness.gateway.sandbox.check.Check;
import io.liveness.gateway.sandbox.check.Checks;
import io.liveness.gateway.sandbox.check.Form;
import io.liveness.gateway.sandbox.check.InitOrder;
import io.liveness.gateway.sandbox.scenario.AnswerCode;
import io.liveness.gateway.sandbox.scenario.Scenario;
import io.liveness.gateway.sandbox.scenario.Scenario.InitPlan;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/** Init: pre-deducts the fee and opens a check, as far as its scenario lets it. */
public final class InitCall {

    private final Checks checks;
    private final Books books;
    private final InstantSource clock;

    public InitCall(Checks checks, Books books, InstantSource clock) {
        this.checks = checks;
        this.books = books;
        this.clock = clock;
    }

    /** @param baseUrl where the check page is reached */
    Answer answer(Form form, String taskNo, String baseUrl) {
        InitOrder order = InitOrder.read(form);
        if (order.scenario() == Scenario.CODE_609_ONCE && checks.firstAttempt(order.returnUrl())) {
            return Answer.refusal(AnswerCode.TOO_FREQUENT, taskNo);
        }
        InitPlan plan = order.scenario().init();
        JsonObject body = Answer.body(plan.code(), AnswerCode.common(plan.code()), taskNo);
        if (plan.charge() != InitPlan.Charge.ABSENT) {
            body.put("charge", plan.charge() == InitPlan.Charge.TRUE);
        }
        if (plan.opensCheck()) {
            String token = open(order, taskNo, plan);
            if (plan.token()) {
                body.put("data", data(token, baseUrl));
            }
        }
        return new Answer(body, plan.delivery());
    }

    private String open(InitOrder order, String taskNo, InitPlan plan) {
        Check check = checks.open(taskNo, order, clock.instant());
        if (plan.fee()) {
            books.enter(check);
        }
        return check.opening().token();
    }

    private static JsonObject data(String token, String baseUrl) {
        return new JsonObject()
                .put("token", token)
                .put("checkUrl", baseUrl + "/lifecheck/v2-1/check/capture.html?token=" + token);
    }
}
