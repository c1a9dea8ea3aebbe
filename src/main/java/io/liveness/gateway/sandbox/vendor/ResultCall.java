package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.check.Check;
import io.liveness.gateway.sandbox.check.CheckVerdict;
import io.liveness.gateway.sandbox.check.Checks;
import io.liveness.gateway.sandbox.check.Form;
import io.liveness.gateway.sandbox.check.WrongParameter;
import io.liveness.gateway.sandbox.scenario.AnswerCode;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;

/**
 * Result: costs nothing, and settles the fee when it tells a verdict.
 *
 * <p>The document is silent on a token the vendor never gave out (here 400) and on reading a verdict again (here always the same answer,
 * also after the token's life).
 */
public final class ResultCall {

    private final Checks checks;
    private final Faces faces;
    private final InstantSource clock;

    public ResultCall(Checks checks, Faces faces, InstantSource clock) {
        this.checks = checks;
        this.faces = faces;
        this.clock = clock;
    }

    /** @param baseUrl where the face image is fetched */
    Answer answer(Form form, String taskNo, String baseUrl) {
        Check check = checks.find(form.required("token")).orElseThrow(() -> new WrongParameter("token is unknown"));
        Check.Result result = check.ask(clock.instant());
        JsonObject body = body(result.code(), taskNo);
        if (result.code() == CheckVerdict.PASSED.code()) {
            body.put(
                    "data",
                    new JsonObject()
                            .put(
                                    "faceImageUrl",
                                    baseUrl + faces.path(check.opening().taskNo())));
        }
        return new Answer(body, result.delivery());
    }

    /** The document's samples of result have no charge. */
    static JsonObject body(int code, String taskNo) {
        return Answer.body(code, AnswerCode.ofResult(code), taskNo);
    }
}
