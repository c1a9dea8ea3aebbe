package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.notify.WebhookConfig;
import io.liveness.gateway.notify.feed.FindStart;
import io.liveness.gateway.notify.feed.ReadFeed;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.FailedWork;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Does a step of each kind of job in turn until none is left. A step is one statement that holds the job's row, so that it survives
 * a crash and no two replicas do the same. It takes what is after the job's position, so that it ends whatever comes meanwhile, and
 * locks deliveries in the order of their ids. Jobs of a kind take turns: the one that has gone through fewest comes first. Replays
 * alone are kept when they have ended. A step returns how many it took; no row without a job.
 */
@Singleton
public class RunJobs {

    private static final Logger LOG = Logger.getLogger(RunJobs.class);
    private static final int STEP = 500;

    private static final String JOB = """
            with job as (
                select * from webhook_job j
                where ended_at is null and %s
                order by done, id limit 1
                for no key update skip locked
            )""";

    private static final String PROGRESS = """
            , progress as (
                select count(*) as taken, (select event_id from taken order by event_id desc limit 1) as last from taken
            ), finished as (
                delete from webhook_job where id = (select id from job) and (select taken from progress) < $1
            ), goes_on as (
                update webhook_job j set done = j.done + p.taken, position = p.last
                from progress p
                where j.id = (select id from job) and p.taken >= $1
            )
            select taken from progress where exists (select from job)
            """;

    /**
     * What no delivery is left of begins a minute later, when no statement is running that saw the endpoint disabled or not at all. A replay
     * pauses while its endpoint has much to receive, so that what happens now does not wait for all the past.
     */
    private static final String MAY_REPLAY = """
            kind = 'REPLAY' and (status = 'FAILED' or created_at <= liveness_now() - interval '1 minute')
                and (select count(*) from (
                    select from webhook_delivery d where d.endpoint_id = j.endpoint_id and d.status = 'PENDING' limit 1000) open) < 1000
            """;

    /**
     * $1 how many events of the owner in a step, $2 by how much their times may be out of order, in milliseconds. Deliveries that are pending
     * come by themselves, and what has ended since the replay was asked for stays.
     */
    private static final String REPLAY = JOB.formatted(MAY_REPLAY)
            + """
            , taken as (
                select e.*, p.event_types
                from job j
                cross join lateral (select caller, event_types from webhook_endpoint p where p.id = j.endpoint_id limit 1) p
                cross join lateral (%s) e
            ), event as (
                select j.endpoint_id, j.status, j.created_at, e.id as event_id, e.seq, e.session_id, e.type, e.at, e.data
                from job j cross join taken e
                where e.at >= j.since and e.at < j.until and (e.event_types is null or e.type = any (e.event_types))
                  and e.endpoint_id is distinct from j.endpoint_id
            ), known as (
                select d.id, d.event_id, (e.status = 'ALL' or e.status = d.status) and d.ended_at <= e.created_at as wanted
                from event e cross join lateral (
                    select * from webhook_delivery d where d.endpoint_id = e.endpoint_id and d.event_id = e.event_id limit 1) d
            ), again as (
                update webhook_delivery d
                set %s
                where d.id = any (array(select id from known where wanted)) and d.status <> 'PENDING'
                returning d.event_id
            ), missed as (
                insert into webhook_delivery (endpoint_id, event_id, seq, session_id, type, at, data, next_attempt_at)
                select endpoint_id, event_id, seq, session_id, type, at, data, liveness_now() from event
                where status <> 'FAILED' and event_id <> all (array(select event_id from known))
                on conflict (endpoint_id, event_id) do nothing
                returning event_id
            ), progress as (
                select count(*) as taken, max(seq) as last, (select at from taken order by seq desc limit 1) as last_at from taken
            )
            update webhook_job j
            set done = j.done + p.taken, replayed = j.replayed + (select count(*) from again) + (select count(*) from missed),
                seq = coalesce(p.last, j.seq),
                ended_at = case when p.taken < $1 or p.last_at >= j.until + $2::float8 * interval '1 millisecond' then liveness_now() end
            from progress p
            where j.id = (select id from job)
            returning p.taken
            """.formatted(
                            ReadFeed.ofCaller("p.caller", "j.seq", Long.toString(Long.MAX_VALUE), "$1"),
                            DeliveryResource.AGAIN);

    /** What was never attempted is due, or waits for an earlier event of its session. What is under way is attempted again by its record. */
    private static final String RESUME = JOB.formatted("kind in ('RESUME', 'RECOVER')") + """
            , taken as (
                select o.id, o.event_id
                from job j cross join lateral (
                    select o.id, o.event_id from webhook_delivery o
                    where o.endpoint_id = j.endpoint_id and o.status = 'PENDING' and o.event_id > j.position
                    order by o.event_id limit $1
                ) o
            ), free as (
                select o.id from webhook_delivery o
                where o.id = any (array(select id from taken)) and o.next_attempt_at is not null and o.attempt > 0
                  and (o.leased_until is null or o.leased_until <= liveness_now())
                order by o.id
                for no key update
            ), due as (
                update webhook_delivery o
                set next_attempt_at = liveness_now(), attempt = case when (select kind from job) = 'RESUME' then 0 else o.attempt end
                where o.id = any (array(select id from free))
            )""" + PROGRESS;

    /** A minute after the endpoint was deleted, when no statement that saw it is still running. */
    private static final String DELETE =
            JOB.formatted("kind = 'DELETE' and created_at <= liveness_now() - interval '1 minute'") + """
            , taken as (
                select d.id, d.event_id
                from job j cross join lateral (
                    select d.id, d.event_id from webhook_delivery d
                    where d.endpoint_id = j.endpoint_id order by d.event_id limit $1
                ) d
            ), forgotten as (
                delete from webhook_delivery where id = any (array(select id from taken))
            )""" + PROGRESS;

    /** $1 how many, $2 how long they are kept, in milliseconds, as in those below. */
    private static final String FORGET_DELIVERIES = """
            delete from webhook_delivery where id = any (array(
                select id from webhook_delivery where ended_at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by ended_at limit $1))
            """;

    private static final String FORGET_JOBS = """
            delete from webhook_job where id = any (array(
                select id from webhook_job where ended_at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by ended_at limit $1))
            """;

    private static final String FORGET_ENDPOINT_EVENTS = """
            delete from webhook_endpoint_event where seq = any (array(
                select seq from webhook_endpoint_event where at < liveness_now() - $2::float8 * interval '1 millisecond'
                order by at limit $1))
            """;

    /** What endpoints that are not active have not received for that time, since it was due for the last time. */
    private static final String FORGET_PENDING = """
            delete from webhook_delivery where id = any (array(
                select o.id
                from webhook_endpoint p cross join lateral (
                    select o.id from webhook_delivery o
                    where o.endpoint_id = p.id and o.status = 'PENDING'
                      and o.next_attempt_at < liveness_now() - $2::float8 * interval '1 millisecond'
                    order by o.next_attempt_at limit $1
                ) o
                where p.status in ('PAUSED', 'DISABLED')
                limit $1))
            """;

    private final Database database;
    private final Outbox outbox;
    private final double retentionMillis;

    RunJobs(Database database, Outbox outbox, WebhookConfig config) {
        this.database = database;
        this.outbox = outbox;
        this.retentionMillis = config.deliveryRetention().toMillis();
    }

    @NonBlocking
    @Scheduled(identity = "webhook-jobs", every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return FailedWork.orLog(
                LOG,
                "webhook-jobs.failed",
                untilDone(() -> step(RESUME, Tuple.of(STEP), false)
                        .chain(more -> step(DELETE, Tuple.of(STEP), more))
                        .chain(more -> step(REPLAY, Tuple.of(STEP, (double) FindStart.DISORDER.toMillis()), more))));
    }

    /** Deletes what was kept for its time. */
    @NonBlocking
    @Scheduled(identity = "webhook-retention", every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
    public Uni<Void> forget() {
        return FailedWork.orLog(
                LOG,
                "webhook-retention.failed",
                forget(FORGET_DELIVERIES)
                        .chain(() -> forget(FORGET_PENDING))
                        .chain(() -> forget(FORGET_JOBS))
                        .chain(() -> forget(FORGET_ENDPOINT_EVENTS)));
    }

    private Uni<Void> forget(String sql) {
        return untilDone(() ->
                database.execute(sql, Tuple.of(STEP, retentionMillis)).map(deleted -> deleted.rowCount() >= STEP));
    }

    /** @return whether there may be more, of this kind or of those before */
    private Uni<Boolean> step(String sql, Tuple arguments, boolean more) {
        return database.execute(sql, arguments).map(steps -> {
            if (steps.size() > 0) {
                outbox.filled();
            }
            return more || steps.size() > 0;
        });
    }

    /** Does steps, one after the other, until one says that there are no more, or fails. */
    private static Uni<Void> untilDone(Supplier<Uni<? extends Boolean>> step) {
        return Uni.createFrom()
                .deferred(step)
                .repeat()
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
