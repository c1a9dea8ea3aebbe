package plain;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What the gateway answers, in the same fields. */
record SessionView(
        UUID id,
        String status,
        String reference,
        String token,
        String checkUrl,
        Instant tokenExpiresAt,
        String returnUrl,
        String actionStyle,
        List<String> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        String title,
        Charge charge,
        Instant createdAt,
        Instant updatedAt) {

    record Charge(String status, Amount amount, String taskNo) {}

    record Amount(String value, String currency) {}

    static SessionView of(Session session, Sealing sealing) {
        return new SessionView(
                session.id,
                session.status,
                session.reference,
                sealing.open(session.tokenSealed),
                sealing.open(session.checkUrlSealed),
                session.tokenExpiresAt,
                session.returnUrl,
                session.actionStyle,
                List.of(),
                session.actionMutex,
                session.antiCameraHack,
                session.title,
                new Charge(session.chargeStatus, new Amount("0.80", session.feeCurrency), session.taskNo),
                session.createdAt,
                session.updatedAt);
    }
}
