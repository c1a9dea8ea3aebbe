package io.liveness.gateway.notify.webhook;

import io.liveness.gateway.check.SettledSignals;
import io.liveness.gateway.notify.Outbox;
import io.liveness.gateway.notify.webhook.Endpoint.EndpointStatus;
import io.liveness.gateway.notify.webhook.Endpoint.Reason;
import io.liveness.gateway.platform.problem.ProblemException;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.persistence.LockModeType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Endpoints, read and changed one by one. A change holds the row's lock from its reading on. */
@Singleton
class Endpoints implements PanacheRepositoryBase<Endpoint, UUID> {

    /**
     * Parts of a query that tell an owner that the endpoints in its part {@code stopped} are stopped: by the feed, and by the owner's other
     * endpoints.
     */
    static final String TELL = """
            told as (
                insert into webhook_endpoint_event (id, caller, endpoint_id, type, at, data)
                select new_id(), p.caller, p.id, 'liveness.endpoint.' || lower(p.status), liveness_now(),
                       jsonb_strip_nulls(jsonb_build_object('endpointId', p.id, 'reason', p.reason, 'error', p.last_error))
                from stopped p
                returning endpoint_id, type as kind, id as event_id, seq, caller, null::uuid as session_id, at, data,
            """ + SettledSignals.sqlToNotifyCaller("caller")
            + """
            ), heard as (
                %s)""".formatted(Outbox.deliveriesFrom("told", "p.id <> e.endpoint_id"));

    /**
     * A part of a query that makes jobs for the endpoints in its part {@code resumed}, of the kind in that: deliveries that would be due later
     * are attempted now. Attempts begin anew with a RESUME, and not with a RECOVER: what fails at a receiver that works would be brought
     * forward for ever.
     */
    static final String RESUME_JOBS = """
            job as (
                insert into webhook_job (id, endpoint_id, kind, position, created_at)
                select new_id(), id, kind, '00000000-0000-0000-0000-000000000000', liveness_now()
                from resumed
                on conflict (endpoint_id, kind) where ended_at is null do nothing
            )""";

    private static final String TELL_OF_ONE =
            "with stopped as (select * from webhook_endpoint where id = :id), " + TELL + " select count(*) from told";

    private static final String RESUME_JOB =
            "with resumed as (select cast(:id as uuid) as id, cast(:kind as text) as kind), " + RESUME_JOBS
                    + " select count(*) from resumed";

    /**
     * Newest first.
     *
     * @param healthy of those that are ACTIVE and had no failure since the last success, or of all others
     * @param before the last of the page before
     */
    @WithSession
    Uni<List<Endpoint>> list(
            Optional<String> caller,
            Optional<EndpointStatus> status,
            Optional<Boolean> healthy,
            UUID before,
            int most) {
        StringBuilder conditions = new StringBuilder("id < :before");
        Map<String, Object> values = new HashMap<>(Map.of("before", before));
        caller.ifPresent(given -> {
            conditions.append(" and caller = :caller");
            values.put("caller", given);
        });
        status.ifPresent(given -> {
            conditions.append(" and status = :status");
            values.put("status", given);
        });
        healthy.ifPresent(given ->
                conditions.append(given ? " and " : " and not ").append("(status = ACTIVE and failingSince is null)"));
        return find(conditions.toString(), Sort.descending("id"), values)
                .range(0, most - 1)
                .list();
    }

    /** @param caller its owner; empty for anybody's */
    @WithSession
    Uni<Endpoint> get(UUID id, Optional<String> caller) {
        return findById(id).map(found -> seen(found, caller));
    }

    /** @param versions that it may replace; empty for any */
    @WithTransaction
    Uni<Endpoint> replace(
            UUID id, String caller, Optional<Set<Integer>> versions, String url, String description, String[] types) {
        return locked(id, Optional.of(caller)).call(own -> {
            if (versions.isPresent() && !versions.get().contains(own.version)) {
                throw EndpointResource.changedMeanwhile();
            }
            return own.replace(url, description, types) ? begin(own, "RESUME") : done();
        });
    }

    /** @param caller its owner; empty where an operator may pause anybody's */
    @WithTransaction
    Uni<Endpoint> pause(UUID id, Optional<String> caller, String by) {
        return locked(id, caller).call(endpoint -> endpoint.pause(by) ? tell(endpoint) : done());
    }

    /** @param caller its owner, who resumes nothing that an operator has paused; empty for an operator */
    @WithTransaction
    Uni<Endpoint> resume(UUID id, Optional<String> caller) {
        return locked(id, caller).call(endpoint -> {
            if (caller.isPresent() && endpoint.reason == Reason.OPERATOR) {
                throw EndpointResource.pausedByOperator();
            }
            return endpoint.resume() ? begin(endpoint, "RESUME") : done();
        });
    }

    /** A job deletes its deliveries. */
    @WithTransaction
    Uni<Void> delete(UUID id, String caller) {
        return locked(id, Optional.of(caller)).call(own -> begin(own, "DELETE")).chain(own -> delete(own));
    }

    /** A row of another caller is not locked either. */
    private Uni<Endpoint> locked(UUID id, Optional<String> caller) {
        return (caller.isPresent() ? find("id = ?1 and caller = ?2", id, caller.get()) : find("id", id))
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .<Endpoint>firstResult()
                .map(found -> seen(found, caller));
    }

    private static Endpoint seen(Endpoint found, Optional<String> caller) {
        if (found == null || caller.isPresent() && !caller.get().equals(found.caller)) {
            throw ProblemException.notFound();
        }
        return found;
    }

    private Uni<?> begin(Endpoint endpoint, String kind) {
        return getSession()
                .chain(session -> session.createNativeQuery(RESUME_JOB, Long.class)
                        .setParameter("id", endpoint.id)
                        .setParameter("kind", kind)
                        .getSingleResult());
    }

    private Uni<?> tell(Endpoint endpoint) {
        return getSession()
                .chain(session -> session.flush()
                        .chain(() -> session.createNativeQuery(TELL_OF_ONE, Long.class)
                                .setParameter("id", endpoint.id)
                                .getSingleResult()));
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
