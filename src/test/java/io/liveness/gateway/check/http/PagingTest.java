package io.liveness.gateway.check.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A long list has neither gap nor repeat. All pages cost the same, because each is read from one index. */
@QuarkusTest
class PagingTest {

    private static final Logger LOG = Logger.getLogger(PagingTest.class);

    private static final int SESSIONS = Integer.getInteger("paging.sessions", 25_000);
    private static final int PAGE = 500;

    // One a millisecond from 2026-01-01 on; the pager's are the older ones: it has been quiet since. Ids as UUIDv7 has
    // them.
    private static final String HISTORY = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url,
                action_style, actions, action_mutex, anti_camera_hack, reference, attempt, init_at, created_at, updated_at)
            select (lpad(to_hex(1767225600000 + n), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
                case when n > %d then 'neighbour' else ? end, n::text, '',
                case when n %% 40 = 1 then 'UNKNOWN' else 'PASSED' end, 'NONE', 'wx.history', 'SILENT', '', true, true,
                'ref-' || n %% 40, 1, now(), now(), now()
            from generate_series(1, %d) n
            """.formatted(SESSIONS, SESSIONS * 3 / 2);

    // All tests share one caller: the history is written once, and additional rows do not affect other tests.
    private final Api api = Api.as("pager");

    @Inject
    Stored stored;

    @BeforeEach
    void write_the_history() throws SQLException {
        if (stored.count("select count(*) from liveness_session where caller = ?", api.caller()) == 0) {
            stored.execute(HISTORY, api.caller());
            stored.execute(
                    "insert into session_end (caller, status, session_id)"
                            + " select caller, status, id from liveness_session where caller in (?, 'neighbour')",
                    api.caller());
            stored.execute("analyze liveness_session");
        }
    }

    @Test
    void all_sessions_are_paged_through_without_a_gap_or_a_repeat_while_others_are_added() {
        long before = stored.count("select count(*) from liveness_session where caller = ?", api.caller());
        Set<String> seen = new HashSet<>();
        List<Long> millis = new ArrayList<>();
        String last = "g";
        String token = null;
        do {
            long start = System.nanoTime();
            Response page = page(api, Map.of(), token);
            millis.add((System.nanoTime() - start) / 1_000_000);
            for (String id : page.<List<String>>path("items.id")) {
                assertThat(seen.add(id)).as("a repeat of %s", id).isTrue();
                assertThat(id).isLessThan(last);
                last = id;
            }
            token = page.path("nextPageToken");
            if (millis.size() % 20 == 0) {
                api.opened("pass");
            }
        } while (token != null);

        assertThat(seen).hasSize((int) before).hasSizeGreaterThanOrEqualTo(SESSIONS);
        LOG.infof(
                "paging.walked sessions=%d pages=%d millisOfFirstPages=%s millisOfLastPages=%s",
                seen.size(), millis.size(), millis.subList(0, 10), millis.subList(millis.size() - 10, millis.size()));
    }

    private static Response page(Api who, Map<String, String> filters, String token) {
        RequestSpecification request = who.request().queryParams(filters).queryParam("pageSize", PAGE);
        return (token == null ? request : request.queryParam("pageToken", token)).get(Api.SESSIONS);
    }
}
