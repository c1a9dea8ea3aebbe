package io.liveness.gateway.bill;

import io.liveness.gateway.testsupport.Api;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A reason that nobody can read is none. */
@QuarkusTest
class BlankReasonTest {

    private static final String ANY = UUID.randomUUID().toString();

    private final Work work = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\t\n",
                "\u3000\u00a0",
                "\u200b\ufeff",
                "\u2800",
                "\u3164",
                "\u00ad\u202e",
                "\ufe0f",
                "\u0007"
            })
    void it_is_refused_by_name(String reason) {
        Work.broken(work.withdrawal(ANY, Work.key(), Map.of("reason", reason)), "reason");
        Work.broken(work.post(ANY, ANY + "/accept", Work.key(), Map.of("reason", reason)), "reason");
    }

    @Test
    void it_is_refused_wherever_one_is_required() {
        Work.broken(work.post(ANY, "accept", Work.key(), Map.of("ids", List.of(ANY), "reason", " ")), "reason");
        Work.broken(work.post(ANY, "accept-fitting", Work.key(), Map.of("count", 1, "reason", " ")), "reason");
        Work.broken(work.post(ANY, ANY + "/un-accept", Work.key(), Map.of("reason", " ")), "reason");
        Work.broken(work.post(ANY, ANY + "/match", Work.key(), Map.of("sessionId", ANY, "reason", " ")), "reason");
        Work.broken(work.post(ANY, ANY + "/un-match", Work.key(), Map.of("reason", " ")), "reason");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", " 😀 ", "更正", "ا\u200c", "-"})
    void what_has_a_visible_character_is_a_reason(String reason) {
        work.post(ANY, ANY + "/accept", Work.key(), Map.of("reason", reason))
                .then()
                .statusCode(404);
    }
}
