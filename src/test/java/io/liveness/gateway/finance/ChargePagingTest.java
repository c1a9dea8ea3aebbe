package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.finance.ChargeFilter.Span;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.postgres.Explained;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A long list of charges has neither gap nor repeat. All pages cost the same, because each is read from its position in an index. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChargePagingTest {

    private static final Logger LOG = Logger.getLogger(ChargePagingTest.class);

    private static final int FEES = 20_000;
    private static final int PAGE = 500;
    private static final Span ANY = new Span(Optional.empty(), Optional.empty());

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
                'task-' || n, 800000, 'CNY', 1, at, at + interval '1 hour', case when n %% 1000 > 0 then 200 end, at, at
            from generate_series(1, %d) n, lateral (select timestamptz '2020-01-01Z' + n * interval '1 minute' as at) a
            """.formatted(FEES);
    private static final String LEDGER = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
            select id, case when nth = 1 then 'PRE_DEDUCT' when verdict_code is null then 'REFUND' else 'CHARGE' end, task_no,
                case when verdict_code is null then 'PRESUMED' else 'RULE' end, 800000, 'CNY',
                case when nth = 1 then init_at else charge_settled_at end, caller, cost_centre, init_at
            from liveness_session, (values (?::int)) entry (nth)
            where caller like ? order by init_at
            """;

    // One a minute from 2018-01-01 on, of one caller. The first one alone has a fee.
    private static final Instant BETWEEN = Instant.parse("2019-01-01T00:00:00Z");
    private static final String UNPAID = """
            insert into liveness_session (id, caller, idempotency_key, request_hash, status, charge_status, return_url, action_style,
                actions, action_mutex, anti_camera_hack, task_no, fee_amount, fee_currency, attempt, init_at, verdict_code, created_at,
                updated_at)
            select gen_random_uuid(), 'unpaid-1', n::text, '', 'PASSED', case when n = 1 then 'PRE_DEDUCTED' else 'NONE' end, 'wx.history',
                'SILENT', '', true, true, 'unpaid-' || n, 800000, 'CNY', 1, at, 200, at, at
            from generate_series(1, ?::int) n, lateral (select timestamptz '2018-01-01Z' + n * interval '1 minute' as at) a
            """;

    private final Api finance = Api.as("finance", "finance");

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @BeforeAll
    void write_the_history() throws SQLException {
        stored.execute(SESSIONS);
        stored.execute(LEDGER, 1, "payer-%");
        // The database looks for the pre-deduction of each end.
        stored.execute("analyze ledger_entry");
        stored.execute(LEDGER, 2, "payer-%");
        stored.execute("vacuum analyze");
    }

    @AfterAll
    void remove_it() throws SQLException {
        stored.removeBefore(LATER);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 20000",
        "endedTo=2021-01-01T00:00:00Z, 20000",
        "caller=payer-7, 400",
        "costCentre=cc-7, 1000",
        "caller=payer-7&endedFrom=2020-01-01T00:00:00Z, 400",
        "caller=payer-7&costCentre=cc-7, 200",
        "basis=PRESUMED, 20",
        "status=REFUNDED, 20",
        "status=CHARGED&basis=PRESUMED, 0",
        "basis=VENDOR, 0",
        "status=UNCONFIRMED, 0",
        "endedTo=2021-01-01T00:00:00Z&basis=PRESUMED, 20",
        "endedTo=2021-01-01T00:00:00Z&status=REFUNDED, 20",
        "endedTo=2021-01-01T00:00:00Z&status=UNCONFIRMED, 0",
        "endedTo=2021-01-01T00:00:00Z&taskNo=task-7, 1",
        "endedTo=2020-01-01T00:00:00Z&taskNo=task-7, 0",
        "caller=payer-7&taskNo=task-7, 1",
        "caller=payer-8&taskNo=task-7, 0",
        "caller=payer-0&status=REFUNDED&endedFrom=2020-01-01T00:00:00Z, 20",
        "caller=payer-7&from=2020-01-02T00:00:00Z&endedTo=2020-01-03T00:00:00Z, 28",
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
        assertThat(pages).isBetween(expected / PAGE, Math.max(expected / PAGE, FEES / ListCharges.MOST_READ) + 1);
    }

    @Test
    void no_page_ends_the_list_where_the_entries_read_for_it_have_no_fee() throws SQLException {
        stored.execute(UNPAID, ListCharges.MOST_READ + 1);
        stored.execute(LEDGER, 1, "unpaid-%");
        List<String> paid =
                stored.strings("select id from liveness_session where caller = 'unpaid-1' and charge_status <> 'NONE'");
        List<String> ids = new ArrayList<>();
        try {
            String token = null;
            do {
                Response page = page("caller=unpaid-1", token);
                ids.addAll(page.path("items.sessionId"));
                token = page.path("nextPageToken");
            } while (token != null);
        } finally {
            stored.removeBefore(BETWEEN);
        }

        assertThat(ids).hasSize(1).isEqualTo(paid);
    }

    @ParameterizedTest
    @CsvSource(
            value = {"-, -, -", "-, -, ended", "payer-7, -, -", "payer-7, -, ended", "-, cc-7, -"},
            nullValues = "-")
    void a_late_page_costs_what_the_first_one_does(String caller, String costCentre, String by) throws SQLException {
        Span span = new Span(Optional.of(Instant.parse("2019-01-01T00:00:00Z")), Optional.of(LATER));
        ChargeFilter filter = filter(caller, costCentre, by == null ? span : ANY, by == null ? ANY : span);
        // The page begins after most of the fees.
        UUID late = UUID.fromString(
                stored.strings("""
                select id from liveness_session where caller like 'payer-%' and (?::text is null or caller = ?)
                  and (?::text is null or cost_centre = ?) order by id offset 10 limit 1""", caller, caller, costCentre, costCentre).get(0));

        int first = buffers(filter, Optional.empty());
        int last = buffers(filter, Optional.of(late));

        // Each row is looked up in its table and once in the ledger, by some levels of an index. By their end, all
        // callers' entries are read as far as the page may come, from the table where no vacuum has seen them.
        boolean ofAllCallers = by != null && caller == null;
        assertThat(first).isLessThan(ListCharges.MOST_READ * 10 + (ofAllCallers ? FEES : 0));
        assertThat(last).isLessThanOrEqualTo(first);
    }

    private static ChargeFilter filter(String caller, String costCentre, Span opened, Span ended) {
        return new ChargeFilter(
                Optional.ofNullable(caller),
                Optional.ofNullable(costCentre),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                opened,
                ended);
    }

    private int buffers(ChargeFilter filter, Optional<UUID> after) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement page = ListCharges.page(connection, filter, after)) {
                Explained read = Explained.run(page);
                LOG.infof(
                        "charges.read filter=%s after=%s buffers=%d%n%s",
                        filter.text(), after, read.buffers(), read.plan());
                return read.buffers();
            } finally {
                connection.rollback();
            }
        }
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
