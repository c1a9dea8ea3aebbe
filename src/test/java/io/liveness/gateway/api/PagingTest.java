package io.liveness.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.Explained;
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
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A long list has neither gap nor repeat. All pages cost the same, because each is read from one index. */
@QuarkusTest
class PagingTest {

    private static final Logger LOG = Logger.getLogger(PagingTest.class);

    private static final int SESSIONS = Integer.getInteger("paging.sessions", 25_000);
    private static final int PAGE = 500;
    private static final String FROM = "00000000-0000-0000-0000-000000000000";

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

    // The same in each test: the history is written once, and additional rows do not affect other tests.
    private final Api api = Api.as("pager");
    private final Api operator = Api.as("operations", "operator");

    @Inject
    Stored stored;

    @Inject
    DataSource database;

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

    @Test
    void the_last_page_is_read_like_the_first_one_from_the_index_alone() throws SQLException {
        assertReadFromIndexAlone(api, Map.of(), "session_by_caller", api.caller());
        assertReadFromIndexAlone(operator, Map.of(), "liveness_session_pkey");
        assertReadFromIndexAlone(operator, Map.of("caller", api.caller()), "session_by_caller", api.caller());
        assertReadByIds(api, Map.of("status", "UNKNOWN"), "session_end_pkey", "UNKNOWN", api.caller(), FROM);
        assertReadByIds(operator, Map.of("status", "UNKNOWN"), "session_end_pkey", "UNKNOWN", FROM);
        assertReadByIds(
                api, Map.of("reference", "ref-7"), "session_by_caller_and_reference", "ref-7", api.caller(), FROM);
        assertReadByIds(operator, Map.of("reference", "ref-7"), "session_by_caller_and_reference", "ref-7", FROM);
    }

    private void assertReadFromIndexAlone(Api who, Map<String, String> filters, String index, String... values)
            throws SQLException {
        assertReadLikeTheFirst(who, filters, index, values, "Seq Scan", "Sort", "Bitmap", "Filter:", "InitPlan");
    }

    /** The ids from an index of each caller, and of the schedule; then their sessions. */
    private void assertReadByIds(Api who, Map<String, String> filters, String index, String... values)
            throws SQLException {
        assertReadLikeTheFirst(
                who, filters, index, values, "Seq Scan on liveness_session", "Seq Scan on session_end", "Bitmap");
    }

    private void assertReadLikeTheFirst(
            Api who, Map<String, String> filters, String index, String[] values, String... never) throws SQLException {
        page(who, filters, null);
        String sql = lastListing();

        Explained first = plan(sql, "ffffffff-ffff-ffff-ffff-ffffffffffff", values);
        // A full page and a little more: behind the last one are rows that other tests have deleted.
        Explained last = plan(sql, idAfter((PAGE + 10) * 40), values);

        for (Explained read : List.of(first, last)) {
            assertThat(read.plan()).as(sql).contains("using " + index + " on").doesNotContain(never);
        }
        assertThat(last.buffers()).as("pages read\n%s\n%s", first, last).isLessThan(first.buffers() + PAGE / 5);
        LOG.infof(
                "paging.read index=%s buffersOfFirstPage=%d buffersOfLastPage=%d",
                index, first.buffers(), last.buffers());
    }

    /** The statement of the last list, as PostgreSQL got it. */
    private String lastListing() {
        return stored.strings("""
                        select query from pg_stat_activity
                        where datname = current_database() and query like 'select%liveness_session%order by%'
                          and pid <> pg_backend_pid()
                        order by query_start desc limit 1
                        """).get(0);
    }

    /** The id of the session that follows so many older ones. */
    private String idAfter(int sessions) {
        return stored.strings("select id from liveness_session order by id offset ? limit 1", sessions)
                .get(0);
    }

    /** @param values after those of the position and the size of the page */
    private Explained plan(String sql, String before, String... values) throws SQLException {
        StringJoiner all = new StringJoiner(", ");
        all.add("'" + before + "'").add(Integer.toString(PAGE + 1));
        for (String value : values) {
            all.add("'" + value + "'");
        }
        return Explained.run(database, sql, all.toString());
    }

    private static Response page(Api who, Map<String, String> filters, String token) {
        RequestSpecification request = who.request().queryParams(filters).queryParam("pageSize", PAGE);
        return (token == null ? request : request.queryParam("pageToken", token)).get(Api.SESSIONS);
    }
}
