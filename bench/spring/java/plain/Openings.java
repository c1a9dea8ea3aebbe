package plain;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import plain.SessionController.OpenRequest;
import plain.Vendor.InitAnswer;

/** The two transactions of an open: the intent, and what the vendor answered. */
@Service
class Openings {

    private final SessionRepository sessions;
    private final ScheduleRepository schedules;
    private final TokenRepository tokens;
    private final EventRepository events;
    private final LedgerRepository ledger;
    private final Sealing sealing;

    Openings(
            SessionRepository sessions,
            ScheduleRepository schedules,
            TokenRepository tokens,
            EventRepository events,
            LedgerRepository ledger,
            Sealing sealing) {
        this.sessions = sessions;
        this.schedules = schedules;
        this.tokens = tokens;
        this.events = events;
        this.ledger = ledger;
        this.sealing = sealing;
    }

    @Transactional(readOnly = true)
    public Optional<Session> find(UUID id, String caller) {
        return sessions.findByIdAndCaller(id, caller);
    }

    @Transactional(readOnly = true)
    public Optional<Session> find(String caller, String key) {
        return sessions.findByCallerAndIdempotencyKey(caller, key);
    }

    @Transactional
    public UUID store(String caller, String key, OpenRequest request) {
        Session session = new Session(Ids.next(), caller, key, request, sealing.hash(request.toString()));
        sessions.save(session);
        schedules.save(new Schedule(session));
        events.save(new Event(session.getId(), "OPENING", session.initAt, "{}"));
        return session.getId();
    }

    @Transactional
    public Session record(UUID id, InitAnswer answer) {
        Session session = sessions.findById(id).orElseThrow();
        session.opened(answer, sealing);
        schedules.findById(id).orElseThrow().opened(session);
        tokens.save(new Token(session));
        ledger.save(new LedgerEntry(session));
        events.save(new Event(
                id, "OPENED", Instant.now(), "{\"taskNo\": \"" + answer.taskNo() + "\", \"charge\": \"PRE_DEDUCTED\"}"));
        return session;
    }
}
