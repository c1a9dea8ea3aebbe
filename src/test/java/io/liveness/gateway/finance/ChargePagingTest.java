package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.platform.postgres.Snapshots;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.GatewayTestResource;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.Explained;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A long list of charges has neither gap nor repeat. All pages cost the same, because each is read by position in one index. */
@QuarkusTest
@QuarkusTestResource(GatewayTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChargePagingTest {

    private static final Logger LOG = Logger.getLogger(ChargePagingTest.class);

    private static final int FEES = 5_000;
    private static final int PAGE = 500;
    private static final String LOWEST_ID = "00000000-0000-0000-0000-000000000000";

    // One a minute from 2020-01-01 on, long before what other tests write; of 50 callers. Each ends an hour later.
    // Each 1000th is lost and has come back.
    private static final Instant LATER = Instant.parse("2021-01-01T00:00:00Z");
    private static final String SESSIONS = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style,
                actions, action_mutex, anti_camera_hack, cost_centre, task_no, fee_amount, fee_currency, attempt, init_at,
                charge_settled_at, verdict_code, created_at, updated_at)
            select (lpad(to_hex(1577836800000 + n * 60000), 12, '0') || '70008000' || lpad(to_hex(n), 12, '0'))::uuid,
                'payer-' || n %% 50, n::text, '', case when n %% 1000 = 0 then 'UNKNOWN' else 'PASSED' end,
                case when n %% 1000 = 0 then 'REFUNDED' else 'CHARGED' end, 'wx.history', 'SILENT', '', true, true, 'cc-' || n %% 20,
                'task-' || n, 80, 'CNY', 1, at, at + interval '1 hour', case when n %% 1000 > 0 then 200 end, at, at
            from generate_series(1, %d) n, lateral (select timestamptz '2020-01-01Z' + n * interval '1 minute' as at) a
            """.formatted(FEES);
    private static final String LEDGER = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
            select id, case when nth = 1 then 'PRE_DEDUCT' when verdict_code is null then 'REFUND' else 'CHARGE' end, task_no,
                case when verdict_code is null then 'PRESUMED' else 'RULE' end, 80, 'CNY', init_at
            from liveness_session, generate_series(1, 2) nth
            where caller like 'payer-%' order by init_at, nth
            """;

    private final Api finance = Api.as("finance", "finance");

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @BeforeAll
    void write_the_history() throws SQLException {
        stored.execute(SESSIONS);
        stored.execute(LEDGER);
        stored.execute("analyze");
    }

    @AfterAll
    void remove_it() throws SQLException {
        stored.removeBefore(LATER);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 5000",
        "endedTo=2021-01-01T00:00:00Z, 5000",
        "caller=payer-7, 100",
        "costCentre=cc-7, 250",
        "caller=payer-7&endedFrom=2020-01-01T00:00:00Z, 100",
        "caller=payer-7&costCentre=cc-7, 50",
        "basis=PRESUMED, 5",
        "status=REFUNDED, 5",
        "status=CHARGED&basis=PRESUMED, 0",
        "basis=VENDOR, 0",
        "status=UNCONFIRMED, 0",
    })
    void all_pages_together_have_every_charge_once_newest_first(String filters, int expected) {
        List<String> opened = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        int pages = 0;
        String token = null;
        do {
            Response page = page(filters, token);
            opened.addAll(page.path("items.openedAt"));
            ids.addAll(page.path("items.sessionId"));
            token = page.path("nextPageToken");
            pages++;
        } while (token != null);

        assertThat(ids).hasSize(expected);
        assertThat(new HashSet<>(ids)).hasSize(expected);
        assertThat(opened).isSortedAccordingTo((one, other) -> other.compareTo(one));
        // No page reads more than its share, and none is asked for in vain.
        assertThat(pages).isBetween(expected / PAGE, Math.max(expected / PAGE, FEES / ChargesSql.MOST_READ) + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "SESSION,      liveness_session_pkey",
        "TASK_NO,      charge_by_task_no",
        "CALLERS_END,  charge_by_caller_and_end",
        "END,          charge_by_end",
        "CALLER,       fee_by_caller",
        "COST_CENTRE,  charge_by_cost_centre",
        "OPEN,         session_unended",
        "PRESUMED,     charge_presumed",
        "TIME,         charge_by_time",
    })
    void each_page_is_read_from_one_index(ChargePosition position, String index) throws SQLException {
        Explained first = plan(position, LOWEST_ID);
        Explained last = plan(position, idOf(1_000));

        for (Explained read : List.of(first, last)) {
            assertThat(read.plan()).contains("using " + index + " on").doesNotContain("Seq Scan", "Bitmap");
            if (position != ChargePosition.SESSION && position != ChargePosition.TASK_NO) {
                assertThat(read.plan()).doesNotContain("Sort");
            }
            // Each row is looked up in its table and twice in the ledger at most.
            assertThat(read.buffers()).as(read.plan()).isLessThan(PAGE * 10);
        }
        LOG.infof("charges.read index=%s buffers=%d buffersOfLate=%d", index, first.buffers(), last.buffers());
    }

    @ParameterizedTest
    @EnumSource
    void a_file_is_read_in_the_order_of_an_index(ChargePosition position) throws SQLException {
        for (String caller : List.of("null", "'payer-7'")) {
            String values =
                    values(position, LOWEST_ID, position.name().startsWith("CALLER") ? "'payer-7'" : caller, "null");
            Explained read = Explained.run(database, ChargesSql.whole(position), values, Snapshots.PLANNED_WITHOUT);

            assertThat(read.plan()).doesNotContain("Seq Scan", "Bitmap", "Gather");
            if (position != ChargePosition.SESSION && position != ChargePosition.TASK_NO) {
                assertThat(read.plan()).doesNotContain("Sort");
            }
        }
    }

    @Test
    void a_page_that_finds_nothing_reads_no_more_than_its_share() throws SQLException {
        Explained read = plan(ChargePosition.TIME, LOWEST_ID, "'no-such-caller'", "'CHARGED'");

        assertThat(read.plan()).contains("rows=" + ChargesSql.MOST_READ);
        assertThat(read.buffers()).as(read.plan()).isLessThan(ChargesSql.MOST_READ * 2);
    }

    private String idOf(int fee) {
        return stored.strings(
                        "select id from liveness_session where caller like 'payer-%' order by id offset ? limit 1", fee)
                .get(0);
    }

    private Explained plan(ChargePosition position, String after) throws SQLException {
        return plan(position, after, position.name().startsWith("CALLER") ? "'payer-7'" : "null", "null");
    }

    private Explained plan(ChargePosition position, String after, String caller, String status) throws SQLException {
        return Explained.run(
                database, ChargesSql.page(position), values(position, after, caller, status) + ", " + (PAGE + 1));
    }

    private String values(ChargePosition position, String after, String caller, String status) {
        String session = position == ChargePosition.SESSION ? "'" + idOf(500) + "'" : "null";
        return "%s, %s, %s, null, '2019-01-01Z', '2021-01-01Z', null, null, '%s', %s, %s"
                .formatted(
                        caller,
                        position == ChargePosition.COST_CENTRE ? "'cc-7'" : "null",
                        status,
                        after,
                        session,
                        position == ChargePosition.TASK_NO ? "'task-7'" : "null");
    }

    private Response page(String filters, String token) {
        RequestSpecification request = finance.request().queryParam("pageSize", PAGE);
        request.queryParam("to", "2021-01-01T00:00:00Z");
        if (!filters.isEmpty()) {
            for (String filter : filters.split("&")) {
                request.queryParams(Map.of(filter.split("=")[0], filter.split("=")[1]));
            }
        }
        return (token == null ? request : request.queryParam("pageToken", token)).get(Api.CHARGES);
    }
}
