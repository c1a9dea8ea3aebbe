package io.liveness.gateway.session;

import io.liveness.gateway.platform.Caller;
import io.liveness.gateway.vendor.Confidential;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Parameters;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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
        ListPosition position = ListPosition.of(filter);
        return find(position.where(), position.order(), position.parameters())
                .range(0, filter.pageSize())
                .list()
                .map(read -> ListPosition.ofTheList(filter, read));
    }
}
