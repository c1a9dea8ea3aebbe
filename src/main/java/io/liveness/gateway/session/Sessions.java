package io.liveness.gateway.session;

import com.github.f4b6a3.uuid.UuidCreator;
import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.vendor.Confidential;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads sessions. Every read of a caller's names the caller: somebody else's session does not exist. An operator reads all. */
@ApplicationScoped
@WithSession
class Sessions implements PanacheRepositoryBase<SessionRow, UUID> {

    private final Sealing sealing;

    Sessions(Sealing sealing) {
        this.sealing = sealing;
    }

    /** @return null when there is none */
    Uni<SessionRow> byId(UUID id, Caller caller) {
        return find("id = ?1 and caller = ?2", id, caller.name()).firstResult();
    }

    /** @return null when there is none */
    Uni<SessionRow> byId(UUID id, Viewer viewer) {
        return viewer.seesAll() ? findById(id) : byId(id, viewer.caller());
    }

    /** @return null when there is none */
    Uni<SessionRow> byKey(Caller caller, String idempotencyKey) {
        return find("caller = ?1 and idempotencyKey = ?2", caller.name(), idempotencyKey)
                .firstResult();
    }

    /** @return null when there is none */
    Uni<SessionRow> byToken(Confidential token, Caller caller) {
        return find(
                        "tokenHash in (:hashes) and caller = :caller",
                        Parameters.with("hashes", List.of(sealing.tokenHashes(token)))
                                .and("caller", caller.name()))
                .firstResult();
    }

    /** The newest first; one more than the page has, which tells whether there is another page. */
    Uni<List<SessionRow>> page(SessionFilter filter) {
        List<String> where = new ArrayList<>();
        Parameters parameters = new Parameters();
        filter.caller().ifPresent(caller -> {
            where.add("caller = :caller");
            parameters.and("caller", caller);
        });
        filter.status().ifPresent(status -> {
            where.add("status = :status");
            parameters.and("status", status);
        });
        filter.reference().ifPresent(reference -> {
            where.add("reference = :reference");
            parameters.and("reference", reference);
        });
        // Ids are UUIDv7: their order is the order of creation, so one index serves time and page.
        filter.createdFrom().ifPresent(from -> {
            where.add("id >= :from");
            parameters.and("from", UuidCreator.getTimeOrderedEpochMin(from));
        });
        filter.createdTo().ifPresent(to -> {
            where.add("id < :to");
            parameters.and("to", UuidCreator.getTimeOrderedEpochMin(to));
        });
        filter.after().ifPresent(last -> {
            where.add("id < :after");
            parameters.and("after", last);
        });
        return (where.isEmpty()
                        ? findAll(Sort.descending("id"))
                        : find(String.join(" and ", where), Sort.descending("id"), parameters))
                .range(0, filter.pageSize())
                .list();
    }
}
