package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.scenario.Delivery;
import io.liveness.gateway.sandbox.scenario.VendorCode;
import io.vertx.core.json.JsonObject;

/** The vendor's answer to a call, and what becomes of it on its way. */
record Answer(JsonObject body, Delivery delivery) {

    static Answer plain(JsonObject body) {
        return new Answer(body, Delivery.PLAIN);
    }

    /** A refusal of any call: no fee (vendor document, 公共返回字段说明). */
    static Answer refusal(int code, String taskNo) {
        return plain(body(code, VendorCode.common(code), taskNo).put("charge", false));
    }

    static JsonObject body(int code, String msg, String taskNo) {
        return new JsonObject().put("code", code).put("msg", msg).put("taskNo", taskNo);
    }
}
