package plain;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

interface SessionRepository extends JpaRepository<Session, UUID> {

    Optional<Session> findByIdAndCaller(UUID id, String caller);

    Optional<Session> findByCallerAndIdempotencyKey(String caller, String key);}
