package io.liveness.gateway.session;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Reads what happened to the personal data of a session. */
@ApplicationScoped
@WithSession
public class DataEvents implements PanacheRepositoryBase<DataEventRow, UUID> {

    /** Oldest first, from after the given one; one more than the page has. */
    public Uni<List<DataEventRow>> of(UUID session, long after, int pageSize) {
        return find("sessionId = ?1 and seq > ?2", Sort.ascending("seq"), session, after)
                .range(0, pageSize)
                .list();
    }
}
