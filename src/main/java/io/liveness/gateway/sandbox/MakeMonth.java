package io.liveness.gateway.sandbox;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A past for a gateway in dev mode: some 300 ended sessions, from the first of the last month that can be closed until some hours ago,
 * stored as the gateway would have stored them, and the vendor's bill of that month.
 */
final class MakeMonth {

    private static final String PATH = "/sandbox/month";

    /** Until the end of the transaction no other request makes them too. The lock SANDBOX of {@code V1__platform.sql}. */
    private static final String ALONE = "select pg_advisory_xact_lock(1818850414, 1835625576)";

    /** The seed makes the sessions the same each time, but for their days. */
    private static final String SEED = "select setseed(0.29)";

    /**
     * The parameter is the price. More sessions each week, by day, fewer at weekends; each caller has another share of people who finish and
     * pass. A verdict comes when the gateway asks by its timetable, or at once when the caller does. A caller's lost answers are days apart.
     */
    private static final String MAKE = """
            create temporary table made on commit drop as
            with month as (
                select begins, extract(day from today - begins) + 1 as days
                from (select liveness_now() at time zone 'Asia/Shanghai' as today,
                             date_trunc('month', (liveness_now() - interval '1 hour') at time zone 'Asia/Shanghai') - interval '1 month' as begins) m
            ), drawn as (
                select n, random() as early, random() as late, random() as weekend, random() as who, random() as outcome, random() as style,
                       -ln(1 - random()) as wait
                from generate_series(1, 400) n
            ), placed as (
                select d.*, begins + floor(days * ((n - 1) / 400.0) ^ 0.8) * interval '1 day'
                           + interval '7 hours' + (early + late) * interval '8 hours' as local
                from drawn d, month
            ), kept as (
                select *, local at time zone 'Asia/Shanghai' as created_at, row_number() over (order by local) as nth
                from placed
                where (weekend < 0.35 or extract(isodow from local) < 6)
                  and local at time zone 'Asia/Shanghai' < liveness_now() - interval '4 hours'
            ), opened as (
                select nth, created_at, caller, cost_centre,
                       case when style < 0.6 then 'HEAD_AND_FACE' when style < 0.8 then 'FACE' when style < 0.92 then 'SILENT' else 'CUSTOM' end
                           as action_style,
                       case when nth % 31 = 9 then 'UNKNOWN' when nth % 19 = 5 then 'REJECTED' when outcome < passed then 'PASSED'
                            when outcome < passed + 0.12 then 'NOT_PASSED' when outcome < passed + 0.2 then 'FAILED' else 'EXPIRED' end as status,
                       created_at + interval '15 milliseconds' as init_at, 12 + 40 * wait ^ 1.5 as seconds,
                       '0434' || to_char(local, 'YYYYMMDDHH24MISS') || lpad(nth::text, 6, '0') as task_no,
                       (array[609, 606, 500, 601])[1 + nth % 4] as refusal
                from kept
                join (values ('account-opening', 'retail', 0.0, 0.4, 0.7), ('loan-app', 'lending', 0.4, 0.7, 0.58),
                             ('wallet', 'payments', 0.7, 0.92, 0.64), ('hr-portal', null, 0.92, 1.0, 0.45))
                    c (caller, cost_centre, above, below, passed) on who >= above and who < below
            ), ended as (
                select *, init_at + case status when 'UNKNOWN' then interval '10 seconds' else interval '300 milliseconds' end as told_at,
                       init_at + case status when 'UNKNOWN' then interval '3 hours' when 'EXPIRED' then interval '2 hours 5 seconds'
                                             when 'REJECTED' then interval '300 milliseconds' else seconds * interval '1 second' end as ended_at,
                       case when status in ('PASSED', 'NOT_PASSED') then 'CHARGED' when status = 'REJECTED' then 'NONE' else 'REFUNDED' end
                           as charge_status,
                       case status when 'PASSED' then 200 when 'NOT_PASSED' then 202 when 'FAILED' then 203 when 'EXPIRED' then 301 end
                           as verdict_code
                from opened
            )
            select (lpad(to_hex((extract(epoch from created_at) * 1000)::bigint), 12, '0') || right(replace(new_id()::text, '-', ''), 20))::uuid
                       as id,
                   nth, created_at, caller, cost_centre, action_style, status, init_at, told_at, ended_at, charge_status, verdict_code,
                   case when status <> 'UNKNOWN' then task_no end as task_no,
                   case when charge_status <> 'NONE' then ?::bigint end as fee_amount,
                   case when status = 'REJECTED' then refusal end as refusal_code,
                   case when status = 'PASSED' and ended_at < liveness_now() - interval '1 day' then ended_at + interval '1 day' end
                       as face_redacted_at
            from ended;

            insert into liveness_session (id, caller, status, charge_status, created_at, updated_at, idempotency_key, request_hash, return_url,
                action_style, actions, action_mutex, anti_camera_hack, title, reference, cost_centre, attempt, init_at, task_no,
                token_expires_at, refusal_code, refusal_passing, verdict_at, verdict_code, verdict_message, face_redacted_at, fee_amount,
                fee_currency, charge_settled_at)
            select id, caller, status, charge_status, created_at, coalesce(face_redacted_at, ended_at), 'month-' || nth,
                sha256(nth::text::bytea), 'https://shop.example/done', action_style,
                case action_style when 'CUSTOM' then 'BlinkEye,NodHead' else '' end, true, true, '实名认证', 'order-' || 10000 + nth,
                cost_centre, 1, init_at, task_no,
                case when verdict_code is not null then init_at + interval '2 hours' end, refusal_code, refusal_code <> 601,
                case when verdict_code is not null then ended_at end, verdict_code,
                case verdict_code when 200 then '活体检测通过' when 202 then '活体检测未通过' when 203 then '检测失败' when 301 then 'token已过期' end,
                face_redacted_at, fee_amount, case when fee_amount is not null then 'CNY' end,
                case when fee_amount is not null then ended_at end
            from made order by nth;

            insert into session_end (caller, status, session_id, unhashed_since) select caller, status, id, ended_at from made;

            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at, caller, cost_centre, init_at)
            select id, 'PRE_DEDUCT', task_no, case status when 'UNKNOWN' then 'PRESUMED' else 'VENDOR' end, fee_amount, 'CNY', told_at, caller,
                cost_centre, init_at
            from made where fee_amount is not null order by told_at;

            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
            select id, case charge_status when 'CHARGED' then 'CHARGE' else 'REFUND' end, task_no,
                case status when 'UNKNOWN' then 'PRESUMED' else 'RULE' end, fee_amount, 'CNY', ended_at
            from made where fee_amount is not null order by ended_at;

            insert into session_event (id, session_id, type, at, detail, caller)
            select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || right(replace(new_id()::text, '-', ''), 20))::uuid,
                session_id, type, at, jsonb_strip_nulls(detail), told
            from (
                select id as session_id, 1 as place, 'OPENING' as type, created_at as at, '{}'::jsonb as detail, null as told from made
                union all
                select id, 2, 'OPENED', told_at, jsonb_build_object('taskNo', task_no, 'charge', 'PRE_DEDUCTED'), null
                from made where verdict_code is not null
                union all
                select id, 2, 'REJECTED', told_at, jsonb_build_object('code', refusal_code, 'passing', refusal_code <> 601, 'taskNo', task_no,
                    'reason', 'the vendor answered: ' || case refusal_code when 609 then 'called too often' when 606 then 'the quota is exceeded'
                        when 500 then 'maintenance' else 'the product is not enabled' end || ' (' || refusal_code || ')'), null
                from made where refusal_code is not null
                union all
                select id, 2, 'OUTCOME_UNKNOWN', told_at, jsonb_build_object('reason', 'the vendor did not answer in time'), caller
                from made where status = 'UNKNOWN'
                union all
                select id, 3, 'CHECKED', ended_at, jsonb_build_object('code', verdict_code,
                    'polls', (select count(*) + 1 from (values (10), (20), (40), (60), (120), (300), (600)) t (offset_seconds)
                              where init_at + offset_seconds * interval '1 second' < ended_at) + case verdict_code when 301 then 24 else 0 end,
                    'firstPollAt', least(ended_at, init_at + interval '10 seconds')), null
                from made where verdict_code is not null
                union all
                select id, 4, case status when 'UNKNOWN' then 'WRITTEN_OFF' else 'SETTLED' end, ended_at,
                    jsonb_build_object('status', status, 'charge', charge_status), caller
                from made where fee_amount is not null
                union all
                select id, 5, 'FACE_REDACTED', face_redacted_at, '{"by": "retention"}', null from made where face_redacted_at is not null
            ) happened
            order by at, place
            """;

    /** The sessions that were made, and the month of the first one. */
    private static final String MADE = """
            from (
                select s.*, to_char(min(init_at) over () at time zone 'Asia/Shanghai', 'YYYY-MM') as month
                from liveness_session s
                where caller in ('account-opening', 'loan-app', 'wallet', 'hr-portal') and idempotency_key ~ '^month-[0-9]+$') made
            """;

    private static final String COUNT = "select month, count(*) as sessions " + MADE + " group by month";

    /** The right lines of the bill. Of the answers that were lost the vendor has taken every second fee, and returned it. */
    private static final String LINES = """
            select coalesce(task_no, '0434' || to_char(init_at at time zone 'Asia/Shanghai', 'YYYYMMDDHH24MISS')
                       || lpad(substr(idempotency_key, 7), 6, '0')) as number,
                   to_char(init_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as time,
                   case charge_status when 'CHARGED' then '实扣' else '退回' end as status, status = 'UNKNOWN' as lost,
                   fee_amount / 10000.0 as amount
            """ + MADE + """
            where fee_amount is not null and to_char(init_at at time zone 'Asia/Shanghai', 'YYYY-MM') = month
              and (status <> 'UNKNOWN' or substr(idempotency_key, 7)::integer % 2 = 0)
            order by init_at
            """;

    /** What finance has accepted by now, also by a second person where that takes two. */
    private static final String ACCEPTED =
            "select distinct kind || ' ' || task_no as damage from bill_acceptance where state = 'ACCEPTED' and task_no is not null";

    /** Does work in one transaction of the gateway's database. */
    @FunctionalInterface
    interface Transaction {
        <T> T of(Batch.Work<T> work);
    }

    private final Transaction transaction;
    private final SandboxConfig config;

    MakeMonth(Transaction transaction, SandboxConfig config) {
        this.transaction = transaction;
        this.config = config;
    }

    void mount(Router router) {
        router.get(PATH).blockingHandler(this::show, false);
        router.post(PATH).blockingHandler(this::make, false);
        router.get(PATH + "/bill.csv").blockingHandler(this::showBill, false);
    }

    private void show(RoutingContext context) {
        Optional<JsonObject> made = transaction.of(MakeMonth::described);
        Json.ok(context, made.orElseGet(() -> new JsonObject().put("sessions", 0)));
    }

    /** What was made before stays as it is, and nothing is added. */
    private void make(RoutingContext context) {
        JsonObject made = transaction.of(connection -> {
            Sql.first(connection, ALONE, row -> true);
            boolean before = described(connection).isPresent();
            if (!before) {
                Sql.first(connection, SEED, row -> true);
                Sql.execute(connection, MAKE, config.price().movePointRight(4).longValueExact());
            }
            return described(connection).orElseThrow().put("before", before);
        });
        Json.ok(context, made);
    }

    /** Empty before they are made. */
    private static Optional<JsonObject> described(Connection connection) throws SQLException {
        Optional<JsonObject> made = Sql.first(
                connection,
                COUNT,
                row -> new JsonObject().put("month", row.getString("month")).put("sessions", row.getInt("sessions")));
        if (made.isPresent()) {
            List<String> accepted = Sql.list(connection, ACCEPTED, row -> row.getString("damage"));
            JsonArray damages = new JsonArray();
            bill(connection)
                    .damages()
                    .forEach((kind, number) -> damages.add(new JsonObject()
                            .put("kind", kind)
                            .put("taskNo", number)
                            .put("accepted", accepted.contains(kind + " " + number))));
            made.get().put("damages", damages);
        }
        return made;
    }

    private void showBill(RoutingContext context) {
        DamagedBill bill = transaction.of(MakeMonth::bill);
        SandboxApi.send(context, "bill-" + bill.month() + ".csv", bill.file());
    }

    private static DamagedBill bill(Connection connection) throws SQLException {
        List<DamagedBill.Line> lines = Sql.list(
                connection,
                LINES,
                row -> new DamagedBill.Line(
                        row.getString("number"),
                        row.getString("time"),
                        row.getString("status"),
                        row.getBigDecimal("amount"),
                        row.getBoolean("lost")));
        return DamagedBill.of(lines);
    }
}
