package io.liveness.gateway.session.list;

import io.liveness.gateway.session.ReadSession;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;

/** Lists sessions: a caller's own, or all. One session is read by {@link ReadSession}. */
@ApplicationScoped
@WithSession
public class Sessions implements PanacheRepositoryBase<SessionEntity, UUID> {

    /** Newest first. One row more than the page has shows whether another page follows. */
    public Uni<List<SessionEntity>> page(SessionFilter filter) {
        ListPosition position = ListPosition.of(filter);
        return find(position.where(), position.order(), position.parameters())
                .range(0, filter.pageSize())
                .list()
                .map(read -> ListPosition.ofTheList(filter, read));
    }
}
