package io.liveness.gateway.testsupport.contract.requests;

import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Exchange.Answer;
import io.liveness.gateway.testsupport.contract.Exchange.Request;
import io.liveness.gateway.testsupport.contract.Judge;
import io.liveness.gateway.testsupport.contract.SeenAnswers;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A raw request, whose answer has to keep the contract. */
public final class JudgedCall {

    private static final Judge JUDGE = new Judge(Contract.checkedIn());

    private JudgedCall() {}

    public static RawAnswer send(Draft draft) {
        return send(draft, 0);
    }

    /** Without the last byte of its body. */
    public static RawAnswer sendUnfinished(Draft draft) {
        return send(draft, 1);
    }

    private static RawAnswer send(Draft draft, int missing) {
        Draft renewed = draft.renewed();
        try (RawConnection connection = new RawConnection()) {
            byte[] wire = renewed.wire();
            RawAnswer raw = connection.exchange(Arrays.copyOf(wire, wire.length - missing));
            Request request = renewed.request();
            Answer answer = new Answer(raw.status(), raw.headers(), raw.body().getBytes(StandardCharsets.UTF_8));
            JUDGE.judge(request, answer);
            SeenAnswers.add(request, answer);
            return raw;
        } catch (IOException e) {
            throw new UncheckedIOException(renewed.method() + " " + renewed.target() + " had no answer", e);
        }
    }
}
