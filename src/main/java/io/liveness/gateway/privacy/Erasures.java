package io.liveness.gateway.privacy;

import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Encryption;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.hibernate.reactive.panache.common.WithTransaction;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Begins erasures and reads them. A caller reads its own erasures only; another caller's is not found. */
@Singleton
class Erasures implements PanacheRepositoryBase<Erasure, UUID> {

    /** Greater than every id. */
    private static final UUID LAST = new UUID(-1, -1);

    /** Lists the person's sessions, one more than there may be at most. No row when the key has begun one. */
    private static final String BEGIN = """
            with person as (
                select session_id as id from session_outcome where caller = :caller and reference = :reference order by session_id limit %d
            ), begun as (
                insert into erasure (id, caller, key_hash, request_hash, requested_at, requested_by, begun_at, next_run_at, finished_at)
                select new_id(), :caller, :keyHash, :requestHash, liveness_now(), :actor, liveness_now(), liveness_now(),
                       case when not exists (select from person) then liveness_now() end
                on conflict (caller, key_hash) do nothing
                returning id
            ), listed as (
                insert into erasure_session (erasure_id, session_id) select begun.id, person.id from begun, person
            )
            select id from begun
            """.formatted(Erasure.MOST_SESSIONS + 1);

    private final Encryption encryption;

    Erasures(Encryption encryption) {
        this.encryption = encryption;
    }

    /** @param replayed whether an earlier request with the same key began it */
    record Started(Erasure erasure, boolean replayed) {}

    /**
     * Begins an erasure of the sessions that are stored by now.
     *
     * @param actor the caller or person that is recorded
     */
    @WithTransaction
    Uni<Started> start(String caller, String actor, String key, String reference) {
        byte[] keyHash = encryption.lookupHash(ofKey(caller, key));
        byte[] requestHash = encryption.lookupHash(ofRequest(caller, key, reference));
        return getSession()
                .chain(session -> session.createNativeQuery(BEGIN, UUID.class)
                        .setParameter("caller", caller)
                        .setParameter("reference", reference)
                        .setParameter("keyHash", keyHash)
                        .setParameter("requestHash", requestHash)
                        .setParameter("actor", actor)
                        .getSingleResultOrNull())
                .chain(begun -> find("caller = ?1 and keyHash = ?2", caller, keyHash)
                        .<Erasure>singleResult()
                        .invoke(erasure -> erasure.requireBegunBy(requestHash))
                        .map(erasure -> new Started(erasure, begun == null)));
    }

    /** The key may name the person, so its hash is stored. */
    private static String ofKey(String caller, String key) {
        return "erasure-key/" + caller.length() + "/" + caller + "/" + key;
    }

    /**
     * The hash depends on the key: without the key, it does not confirm a reference. A key has no blank, so the blank separates it from the
     * reference.
     */
    private static String ofRequest(String caller, String key, String reference) {
        return "erasure-request/" + caller.length() + "/" + caller + "/" + key + " " + reference;
    }

    @WithSession
    Uni<Erasure> get(UUID id, String caller) {
        return find("id = ?1 and caller = ?2", id, caller)
                .<Erasure>firstResult()
                .onItem()
                .ifNull()
                .failWith(ProblemException::notFound);
    }

    /** Newest first, from the one after {@code after} on. */
    @WithSession
    Uni<List<Erasure>> list(String caller, Optional<UUID> after, int rows) {
        return find("caller = ?1 and id < ?2", Sort.descending("id"), caller, after.orElse(LAST))
                .range(0, rows - 1)
                .list();
    }
}
