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

    /**
     * Oldest first, from after the given one; one more than the page has.
     *
     * @param types the types to read: {@link EventType} or {@link DataEventType}
     */
    public Uni<List<EventRow>> of(UUID session, Class<? extends Enum<?>> types, long after, int pageSize) {
        List<String> names =
                Arrays.stream(types.getEnumConstants()).map(Enum::name).toList();
        return find("sessionId = ?1 and seq > ?2 and type in ?3", Sort.ascending("seq"), session, after, names)
                .range(0, pageSize)
                .list();
    }
}
