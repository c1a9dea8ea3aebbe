package io.liveness.gateway.check.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.check.ChargeStatus;
import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.SessionStatus;
import io.liveness.gateway.check.Viewer;
import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A session as its caller sees it; what is not known, or no longer of use, is left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SessionView(
        UUID id,
        SessionStatus status,
        String caller,
        String reference,
        Map<String, String> metadata,
        String costCentre,
        String token,
        String checkUrl,
        Instant tokenExpiresAt,
        String returnUrl,
        ActionStyle actionStyle,
        List<Action> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        String title,
        VerdictView verdict,
        ChargeView charge,
        Instant createdAt,
        Instant updatedAt,
        Instant thinnedAt,
        Instant erasedAt) {

    /** What the vendor finally said. */
    record VerdictView(int code, String message, Instant receivedAt) {}

    /** Where the fee stands. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChargeView(ChargeStatus status, AmountView amount, String taskNo, Instant settledAt) {}

    /** Makes the view of a stored session that its viewer may have. */
    @Singleton
    static class Views {

        private final Sealing sealing;
        private final Clock clock;

        Views(Sealing sealing, Clock clock) {
            this.sealing = sealing;
            this.clock = clock;
        }

        SessionView of(SessionRow row, Viewer viewer) {
            SessionRow.Requested requested = row.requested();
            SessionRow.Token token = row.token();
            boolean useful = viewer.owns(row)
                    && row.status() == SessionStatus.PENDING
                    && clock.instant().isBefore(token.expiresAt());
            boolean data = viewer.seesDataOf(row);
            return new SessionView(
                    row.id(),
                    row.status(),
                    viewer.seesAll() ? row.caller() : null,
                    requested.reference(),
                    data ? requested.metadata() : null,
                    requested.costCentre(),
                    useful ? unsealed(row, Sealing.Column.TOKEN, token.sealed()) : null,
                    useful ? unsealed(row, Sealing.Column.CHECK_URL, token.checkUrlSealed()) : null,
                    token.expiresAt(),
                    data ? orEmpty(requested.returnUrl()) : "",
                    ActionStyle.valueOf(requested.actionStyle()),
                    actions(requested.actions()),
                    requested.actionMutex(),
                    requested.antiCameraHack(),
                    requested.title(),
                    verdict(row.verdict()),
                    charge(row.fee()),
                    row.createdAt(),
                    row.updatedAt(),
                    row.thinnedAt(),
                    row.erasedAt());
        }

        /** Clients rely on the field: it is there without its text. */
        private static String orEmpty(String text) {
            return text == null ? "" : text;
        }

        /** @return null when there is none, as an imported session may have no address, or when its key is gone: the rest of the session is still worth telling */
        private String unsealed(SessionRow row, Sealing.Column column, byte[] bytes) {
            return Optional.ofNullable(bytes)
                    .flatMap(stored -> sealing.openIfReadable(row.id(), column, stored))
                    .map(Confidential::value)
                    .orElse(null);
        }

        private static List<Action> actions(String stored) {
            return stored.isEmpty()
                    ? List.of()
                    : Arrays.stream(stored.split(",")).map(Action::valueOf).toList();
        }

        private static VerdictView verdict(SessionRow.Verdict said) {
            return said.code() == null ? null : new VerdictView(said.code(), orEmpty(said.message()), said.at());
        }

        private static ChargeView charge(SessionRow.Fee fee) {
            AmountView amount = fee.amount() == null ? null : AmountView.of(new Money(fee.amount(), fee.currency()));
            return new ChargeView(fee.status(), amount, fee.taskNo(), fee.settledAt());
        }
    }

    /** The text leaves out token, address and what the caller keeps with it. */
    @Override
    public String toString() {
        return "Session[" + id + " " + status + "]";
    }
}
