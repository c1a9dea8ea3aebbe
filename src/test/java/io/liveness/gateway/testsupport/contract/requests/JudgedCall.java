package io.liveness.gateway.testsupport.contract.requests;

import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.Judge;
import io.liveness.gateway.testsupport.contract.Request;
import io.liveness.gateway.testsupport.contract.SeenAnswers;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.liveness.gateway.testsupport.http.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** A raw request, whose answer has to keep the contract. */
public final class JudgedCall {

    private static final Judge JUDGE = new Judge(Contract.checkedIn());

    private JudgedCall() {}

    public static RawAnswer send(Request request) {
        return send(request, 0);
    }

    /** The last byte of the body stays away. */
    public static RawAnswer sendUnfinished(Request request) {
        return send(request, 1);
    }

    private static RawAnswer send(Request request, int missing) {
        Request renewed = request.renewed();
        try (RawConnection connection = new RawConnection()) {
            byte[] wire = renewed.wire();
            RawAnswer answer = connection.exchange(Arrays.copyOf(wire, wire.length - missing));
            JUDGE.judge(renewed, answer);
            SeenAnswers.add(renewed, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(renewed.method() + " " + renewed.target() + " had no answer", e);
        }
    }
}
