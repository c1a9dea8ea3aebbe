package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.contract.Node;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.StoredSession;
import io.liveness.gateway.testsupport.process.Command.Result;
import io.liveness.gateway.testsupport.process.GatewayProcess;
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
}
