package io.liveness.gateway.sandbox;

import io.liveness.gateway.sandbox.Books.Call;
import io.liveness.gateway.sandbox.Scenario.Delivery;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** The vendor's answer to a call, and what becomes of it on its way. */
record VendorAnswer(JsonObject body, Delivery delivery) {

    static final int SUCCESS = 200;
    static final int NO_RESULT_YET = 201;
    static final int TOKEN_EXPIRED = 301;
    static final int WRONG_PARAMETER = 400;
    static final int WRONG_ADDRESS = 404;
    static final int TOO_FREQUENT = 609;

    /** The connection of an unanswered call is closed after this time. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

    private static final String HTML_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

    /** A refusal of a call: no fee (vendor document, 公共返回字段说明). The document's samples of result have no charge. */
    static VendorAnswer refusal(Call call, int code, String taskNo) {
        JsonObject body = body(call, code, taskNo);
        return new VendorAnswer(call == Call.INIT ? body.put("charge", false) : body, Delivery.PLAIN);
    }

    static JsonObject body(Call call, int code, String taskNo) {
        String message = call == Call.INIT ? message(code) : messageOfResult(code);
        return new JsonObject().put("code", code).put("msg", message).put("taskNo", taskNo);
    }

    /** The words of a code (vendor document, 公共code返回码说明). */
    private static String message(int code) {
        return switch (code) {
            case 200 -> "成功";
            case 400 -> "参数错误";
            case 404 -> "接口地址不正确";
            case 500 -> "系统维护,请稍候再试";
            case 601 -> "接口未开通";
            case 602 -> "账号停用";
            case 604 -> "接口停用";
            case 606 -> "调用超限,请稍候再试";
            case 607 -> "ip不在白名单";
            case 609 -> "请求过于频繁,请稍候再试";
            case 610 -> "请求超时";
            default -> "其他";
        };
    }

    /** The words of the code of a result call: those of the outcome of a check, or the common ones. */
    private static String messageOfResult(int code) {
        return switch (code) {
            case 200 -> "活体检测通过";
            case 201 -> "未查询到检测结果";
            case 202 -> "活体检测未通过";
            case 203 -> "检测失败";
            case 301 -> "token已过期";
            default -> message(code);
        };
    }

    /** Brings it on its way, or to grief. HTTP is 200 whatever the code: the document does not say otherwise. */
    void send(RoutingContext context, SandboxConfig config) {
        HttpServerResponse response = context.response();
        String json = body.encode();
        switch (delivery) {
            case PLAIN -> end(response, json);
            case SLOW -> later(context, config.slowAnswer(), () -> end(response, json));
            case HOLD -> later(context, LONGEST_HOLD, () -> drop(context));
            case DROP -> drop(context);
            case GARBAGE -> end(response, json.substring(0, json.length() / 2));
            case HTML ->
                response.setStatusCode(502)
                        .putHeader("Content-Type", "text/html")
                        .end(HTML_PAGE);
            case EMPTY -> end(response, "");
        }
    }

    private static void end(HttpServerResponse response, String body) {
        response.putHeader("Content-Type", "application/json;charset=UTF-8").end(body);
    }

    private static void drop(RoutingContext context) {
        context.request().connection().close();
    }

    /** The action does not run when the caller has gone meanwhile. */
    private static void later(RoutingContext context, Duration wait, Runnable action) {
        context.vertx().setTimer(Math.max(1, wait.toMillis()), timer -> {
            if (!context.response().closed()) {
                action.run();
            }
        });
    }
}
