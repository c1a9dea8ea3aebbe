package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.liveness.gateway.contract.Node;
import io.liveness.gateway.contract.Python;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The TypeScript and the Python client that the contract makes: a check goes through each to the packaged gateway. */
class ScriptedClientsIT {

    private static Node node;

    enum Language {
        TYPESCRIPT {
            @Override
            Result run(String script, String... arguments) {
                return node.node("out/" + script + ".js", arguments);
            }
        },
        PYTHON {
            @Override
            Result run(String script, String... arguments) {
                return Python.run(script + ".py", arguments);
            }
        };

        abstract Result run(String script, String... arguments);
    }

    @BeforeAll
    static void compile() {
        node = Node.compiled("typescript");
    }

    @ParameterizedTest
    @EnumSource
    void a_script_drives_a_check_from_opening_to_verdict_and_is_told_what_was_refused(Language language) {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway = around.start(around.environment().with("liveness.poll.timetable", "1s,2s,5s"));

            Result driven =
                    language.run("drive", gateway.url(), around.callers().accessToken(), "order-4711");

            assertThat(driven.output()).isEqualToIgnoringNewLines("PASSED, CHARGED\n400, invalid-request, returnUrl\n");
            assertThat(driven.exitCode()).isZero();
            assertThat(StoredSession.all(around.database()))
                    .singleElement()
                    .extracting(StoredSession::end)
                    .isEqualTo("PASSED/CHARGED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_may_be_repeated_is_repeated_with_the_same_key_and_all_else_is_a_problem(Language language) {
        try (ScriptedGateway scripted = new ScriptedGateway()) {
            scripted.problem(401, "unauthenticated")
                    .nothing()
                    .problem(409, "idempotency-key-in-flight")
                    .problem(503, "vendor-unavailable")
                    .problem(503, "opens-paused")
                    .proxy(502)
                    .session("PENDING");
            scripted.problem(504, "vendor-outcome-unknown").problem(503, "unavailable", 61);
            scripted.session("PENDING").nothing().broken(502).foreign(503).session("PASSED");
            scripted.problem(503, "busy");
            scripted.events("now")
                    .events("a", "one")
                    .problem(503, "busy")
                    .restored("b")
                    .events("c", "two");

            Result told = language.run("steady", scripted.url());

            assertThat(told.output()).isEqualToIgnoringNewLines("""
                    PENDING
                    vendor-outcome-unknown
                    unavailable
                    PASSED
                    busy
                    one after now
                    restored
                    two after a
                    019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10, PASSED
                    019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10, PASSED
                    forged
                    forged
                    forged
                    """);
            assertThat(scripted.asked().subList(0, 7))
                    .extracting(Asked::key, Asked::authorization)
                    .startsWith(tuple("order-4711", "Bearer first"))
                    .endsWith(Collections.nCopies(6, tuple("order-4711", "Bearer second"))
                            .toArray(Tuple[]::new));
            assertThat(scripted.asked().subList(7, 9))
                    .extracting(Asked::key)
                    .containsExactly("order-4712", "order-4713");
            String type = "&type=liveness.session.settled";
            String filter = type + "&waitSeconds=30";
            assertThat(scripted.asked().subList(15, 20))
                    .extracting(Asked::query)
                    .containsExactly(
                            "from=latest" + type + "&waitSeconds=0",
                            "after=now" + filter,
                            "after=a" + filter,
                            "after=a" + type + "&waitSeconds=0",
                            "after=b" + filter);
        }
    }
}
