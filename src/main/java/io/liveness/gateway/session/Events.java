package io.liveness.gateway.session;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.quarkus.panache.common.Sort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Reads what happened to a session. */
@ApplicationScoped
@WithSession
public class Events implements PanacheRepositoryBase<EventRow, UUID> {

    /** The types of the contract. The table has further ones, see {@link DataEventRow}. */
    private static final List<String> TYPES =
            Arrays.stream(EventType.values()).map(Enum::name).toList();

    /** Oldest first, from after the given one; one more than the page has. */
    public Uni<List<EventRow>> of(UUID session, long after, int pageSize) {
        return find("sessionId = ?1 and seq > ?2 and type in ?3", Sort.ascending("seq"), session, after, TYPES)
                .range(0, pageSize)
                .list();
    }
}
