package io.liveness.gateway.session.api;

import io.liveness.gateway.billing.AmountView;
import io.liveness.gateway.billing.Money;
import io.liveness.gateway.session.Sealing;
import io.liveness.gateway.session.SessionRow;
import io.liveness.gateway.session.SessionStatus;
import io.liveness.gateway.session.Viewer;
import io.liveness.gateway.session.api.SessionView.ChargeView;
import io.liveness.gateway.session.api.SessionView.VerdictView;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Makes the view of a stored session that its viewer may have. */
@Singleton
class SessionViews {

    private final Sealing sealing;
    private final Clock clock;

    SessionViews(Sealing sealing, Clock clock) {
        this.sealing = sealing;
        this.clock = clock;
    }

    SessionView of(SessionRow row, Viewer viewer) {
        Instant expiresAt = row.tokenExpiresAt();
        boolean useful = viewer.owns(row)
                && row.status() == SessionStatus.PENDING
                && clock.instant().isBefore(expiresAt);
        boolean data = viewer.seesDataOf(row);
        return new SessionView(
                row.id(),
                row.status(),
                viewer.seesAll() ? row.caller() : null,
                row.reference(),
                data ? row.metadata() : null,
                row.costCentre(),
                useful ? unsealed(row, Sealing.Column.TOKEN, row.tokenSealed()) : null,
                useful ? unsealed(row, Sealing.Column.CHECK_URL, row.checkUrlSealed()) : null,
                expiresAt,
                data ? orEmpty(row.returnUrl()) : "",
                ActionStyle.valueOf(row.actionStyle()),
                actions(row.actions()),
                row.actionMutex(),
                row.antiCameraHack(),
                row.title(),
                row.verdictCode() == null
                        ? null
                        : new VerdictView(row.verdictCode(), orEmpty(row.verdictMessage()), row.verdictAt()),
                new ChargeView(row.chargeStatus(), amount(row), row.taskNo(), row.chargeSettledAt()),
                row.createdAt(),
                row.updatedAt(),
                row.thinnedAt(),
                row.erasedAt());
    }

    /** Clients rely on the field: it is there without its text. */
    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** @return null when its key is gone: the rest of the session is still worth telling */
    private String unsealed(SessionRow row, Sealing.Column column, byte[] bytes) {
        return sealing.openIfReadable(row.id(), column, bytes)
                .map(Confidential::value)
                .orElse(null);
    }

    private static List<Action> actions(String stored) {
        return stored.isEmpty()
                ? List.of()
                : Arrays.stream(stored.split(",")).map(Action::valueOf).toList();
    }

    private static AmountView amount(SessionRow row) {
        return row.feeUnits() == null ? null : AmountView.of(new Money(row.feeUnits(), row.feeCurrency()));
    }
}
