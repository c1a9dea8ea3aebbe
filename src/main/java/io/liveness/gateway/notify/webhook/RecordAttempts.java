package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.webhook.SendWebhook.SentWebhook;
import io.liveness.gateway.platform.TimeBuckets;
import io.liveness.gateway.platform.postgres.Batcher;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Records;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Records attempts: ends deliveries, sets the time of the next attempt, and pauses or disables endpoints. Attempts that end together share a
 * statement.
 */
@Singleton
class RecordAttempts {

    private static final Logger LOG = Logger.getLogger(RecordAttempts.class);

    // What is not recorded by then is attempted again when its lease ends.
    private static final Duration WORTHWHILE = Duration.ofSeconds(15);

    /** {@code attempt} is what the list of the delivery gets, {@code wait} how long the receiver asked not to be called at all. */
    static final Records<SentWebhook> MADE = new Records<SentWebhook>()
            .with("id", "int8", attempt -> attempt.delivery().id())
            .with("lease", "int", attempt -> attempt.delivery().lease())
            .with("round", "int", attempt -> attempt.delivery().round())
            .with("result", "text", SentWebhook::result)
            .with("pause", "interval", SentWebhook::pause)
            .with("wait", "interval", SentWebhook::askedOfAll)
            .with("attempt", "jsonb", attempt -> new JsonArray().add(attempt.stored()))
            .with("error", "text", SentWebhook::error);

    /**
     * $1 attempts, $2 how long an endpoint may fail before it is paused, in milliseconds. A success counts without the lease too; of two
     * attempts of one delivery it is the one that counts. What was begun before the present round says nothing of the endpoint, and is
     * attempted again at once: it met the receiver before it was mended, or another one. A 410 counts once for each time that the
     * endpoint was active: the third one without a success between disables it. The first success after failures of ten minutes, which
     * outlast the second pause, has the other deliveries attempted that wait for later: not each success of a receiver that refuses some
     * events. What is attempted once says nothing of its endpoint. With the end of a delivery the next one of its session is due, which
     * was put off for it; one that is locked at that moment stays put off. Deliveries and endpoints are locked in the order of their ids.
     * Returns the endpoints that were paused or disabled. Of a session that was erased or thinned no answer is kept.
     */
    static final String RECORD = """
            with made as (
                select distinct on (id) * from
            """ + MADE.from("$1", "m") + """

                order by id, result = 'DELIVERED' desc, lease desc
            ), own as (
                select m.result, m.error, m.round, m.wait, o.id, o.endpoint_id, o.seq, o.session_id, o.once, o.before,
                       case when m.result = 'DELIVERED' or m.result = 'FAILED' and not o.before then m.result else 'PENDING' end as status,
                       case when o.before then interval '0' else m.pause end as pause,
                       case when jsonb_array_length(o.attempts) >= 30 then o.attempts - 0 else o.attempts end
                           || case when jsonb_path_exists(m.attempt, '$[*].answer') and exists (
                                       select from session_outcome s
                                       where s.session_id = o.session_id and (s.erased_at is not null or s.thinned_at is not null))
                                   then without_answers(m.attempt) else m.attempt end as attempts
                from made m cross join lateral (
                    select o.*,
                           not o.once and m.round < (select p.round from webhook_endpoint p where p.id = o.endpoint_id) as before
                    from webhook_delivery o
                    where o.id = m.id and o.status = 'PENDING' and (o.lease = m.lease or m.result = 'DELIVERED')
                    limit 1
                    for no key update
                ) o
            ), recorded as (
                update webhook_delivery o
                set (attempts, status, attempt, next_attempt_at, ended_at) = (
                        select own.attempts, own.status, case when own.before then 0 else o.attempt + 1 end,
                               case own.status when 'PENDING' then liveness_now() + own.pause end,
                               case when own.status <> 'PENDING' then liveness_now() end
                        from own where own.id = o.id),
                    lease = o.lease + 1, leased_until = null
                where o.id = any (array(select id from own))
            ), next as (
                select d.id
                from own cross join lateral (
                    select d.id
                    from event_log e cross join lateral (
                        select id from webhook_delivery
                        where endpoint_id = own.endpoint_id and event_id = e.id and status = 'PENDING' limit 1) d
                    where e.session_id = own.session_id and e.seq > own.seq and e.caller is not null
                    order by e.seq limit 1) d
                where own.status <> 'PENDING'
            ), put_off as (
                select id from webhook_delivery
                where id = any (array(select id from next)) and attempt = 0 and next_attempt_at > liveness_now()
                for no key update skip locked
            ), begun as (
                update webhook_delivery set next_attempt_at = liveness_now() where id = any (array(select id from put_off))
            ), health as (
                select endpoint_id, round, bool_or(result = 'DELIVERED') as well, bool_or(result = 'GONE') as gone,
                       max(error) as error, max(wait) as wait
                from own where not once group by endpoint_id, round order by endpoint_id
            ), judged as (
                select p.id, h.well, h.error, h.wait,
                       h.well and p.failing_since <= liveness_now() - interval '10 minutes' and p.status = 'ACTIVE' as recovers,
                       case when p.status <> 'ACTIVE' then null
                            when h.gone then 'GONE'
                            when not h.well and p.failing_since <= liveness_now() - $2::float8 * interval '1 millisecond' then 'FAILING'
                       end as ends
                from health h cross join lateral (
                    select * from webhook_endpoint p
                    where p.id = h.endpoint_id and p.round = h.round
                      and (h.gone or h.wait is not null or not h.well or p.failing_since is not null or p.gone_count > 0)
                    limit 1
                    for no key update
                ) p
            ), endpoint as (
                update webhook_endpoint p
                set (failing_since, last_error, status, reason, gone_count, round, not_before, updated_at) = (
                    select case when not j.well or j.ends is not null then coalesce(p.failing_since, liveness_now())
                                when p.status <> 'ACTIVE' then p.failing_since
                           end,
                           case when j.well and p.status = 'ACTIVE' and j.ends is null then null else coalesce(j.error, p.last_error) end,
                           case when j.ends = 'GONE' and p.gone_count >= 2 and not j.well then 'DISABLED'
                                when j.ends is not null then 'PAUSED'
                                else p.status
                           end,
                           coalesce(j.ends, p.reason),
                           case when j.well then 0 else p.gone_count end + case when j.ends = 'GONE' then 1 else 0 end,
                           p.round + case when j.recovers and j.ends is null then 1 else 0 end,
                           greatest(p.not_before, liveness_now() + j.wait),
                           case when j.ends is null then p.updated_at else liveness_now() end
                    from judged j where j.id = p.id)
                where p.id = any (array(select id from judged))
                returning p.id, p.caller, p.status, p.reason, p.last_error
            ), resumed as (
                select id, 'RECOVER' as kind from judged where recovers and ends is null
            ), stopped as (
                select * from endpoint where id = any (array(select id from judged where ends is not null))
            ),
            """ + Endpoints.RESUME_JOBS + ", " + Endpoints.TELL + """

            select endpoint_id, kind from told
            """;

    private final Database database;
    private final MeterRegistry registry;
    private final double pauseAfterMillis;
    private final Batcher<SentWebhook, Boolean> batcher = new Batcher<>(WORTHWHILE, this::record);

    RecordAttempts(Database database, WebhookConfig config, MeterRegistry registry) {
        this.database = database;
        this.registry = registry;
        // The timers of all results are there from the start.
        Arrays.stream(SentWebhook.WebhookResult.values()).forEach(this::timer);
        this.pauseAfterMillis = config.pauseAfter().toMillis();
    }

    private Timer timer(SentWebhook.WebhookResult result) {
        return TimeBuckets.timer("liveness.webhook.attempts", "Attempts to deliver an event, by what became of them")
                .tag("outcome", result.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    Uni<Void> record(SentWebhook attempt) {
        timer(attempt.result()).record(attempt.answer().took());
        return batcher.send(attempt).replaceWithVoid();
    }

    private Uni<List<Boolean>> record(List<SentWebhook> attempts) {
        return database.execute(RECORD, Tuple.of(MADE.of(attempts), pauseAfterMillis))
                .invoke(ended -> ended.forEach(RecordAttempts::report))
                .map(ended -> Collections.nCopies(attempts.size(), true));
    }

    private static void report(Row row) {
        LOG.warnf("webhook-endpoint.stopped endpointId=%s %s", row.getUUID(0), row.getString(1));
    }
}
