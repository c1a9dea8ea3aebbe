package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.liveness.gateway.contract.Node;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.ScriptedGateway;
import io.liveness.gateway.testsupport.http.ScriptedGateway.Asked;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.Command.Result;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.util.Collections;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The TypeScript client that the contract makes: it type-checks, and a check goes through it to the packaged gateway. */
class TypeScriptClientIT {

    private static Node node;

    @BeforeAll
    static void compile() {
        node = Node.ready("typescript");
        Result compiled = node.tool("tsc");
        assertThat(compiled.exitCode()).as(compiled.output()).isZero();
    }

    @Test
    void a_script_drives_a_check_from_opening_to_verdict_and_is_told_what_was_refused() {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment().with("liveness.poll.timetable", "1s,2s,5s"));

            Result driven =
                    node.node("out/drive.js", gateway.url(), around.callers().accessToken(), "order-4711");

            assertThat(driven.output()).isEqualToIgnoringNewLines("PASSED, CHARGED\n400, invalid-request, returnUrl\n");
            assertThat(driven.exitCode()).isZero();
            assertThat(StoredSession.all(around.database()))
                    .singleElement()
                    .extracting(StoredSession::end)
                    .isEqualTo("PASSED/CHARGED");
        }
    }

    @Test
    void what_may_be_repeated_is_repeated_with_the_same_key_and_all_else_is_a_problem() {
        try (ScriptedGateway scripted = new ScriptedGateway()) {
            scripted.problem(401, "unauthenticated")
                    .nothing()
                    .problem(409, "idempotency-key-in-flight")
                    .problem(503, "vendor-unavailable")
                    .proxy(502)
                    .session("PENDING");
            scripted.problem(504, "vendor-outcome-unknown").problem(503, "unavailable", 61);
            scripted.session("PENDING").nothing().problem(503, "busy").session("PASSED");
            scripted.events("a", "one").restored("b").events("c", "two").events("c");

            Result told = node.node("out/steady.js", scripted.url());

            assertThat(told.output()).isEqualToIgnoringNewLines("""
                    PENDING
                    vendor-outcome-unknown
                    unavailable
                    PASSED
                    one after x
                    two after a
                    an-id, PASSED
                    an-id, PASSED
                    forged
                    """);
            assertThat(scripted.asked().subList(0, 6))
                    .extracting(Asked::key, Asked::authorization)
                    .startsWith(tuple("order-4711", "Bearer first"))
                    .endsWith(Collections.nCopies(5, tuple("order-4711", "Bearer second"))
                            .toArray(Tuple[]::new));
            assertThat(scripted.asked().subList(6, 8))
                    .extracting(Asked::key)
                    .containsExactly("order-4712", "order-4713");
        }
    }
}
