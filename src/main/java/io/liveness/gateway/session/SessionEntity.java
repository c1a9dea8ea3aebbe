package io.liveness.gateway.session;

import io.liveness.gateway.billing.Money;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A session as lists read it, through Hibernate; immutable, since each move of a session is one SQL statement. */
@Entity
@Immutable
@Table(name = "liveness_session")
public class SessionEntity {

    @Id
    public UUID id;

    String caller;

    @Enumerated(EnumType.STRING)
    SessionStatus status;

    /** The same as it is stored: a comparison of rows does not know the type of its parameters. */
    @Column(name = "status", insertable = false, updatable = false)
    String statusName;

    @Enumerated(EnumType.STRING)
    @Column(name = "charge_status")
    ChargeStatus chargeStatus;

    @Column(name = "return_url")
    String returnUrl;

    @Column(name = "action_style")
    String actionStyle;

    String actions;

    @Column(name = "action_mutex")
    boolean actionMutex;

    @Column(name = "anti_camera_hack")
    boolean antiCameraHack;

    String title;
    String reference;

    @JdbcTypeCode(SqlTypes.JSON)
    Map<String, String> metadata;

    @Column(name = "cost_centre")
    String costCentre;

    @Column(name = "token_expires_at")
    OffsetDateTime tokenExpiresAt;

    @Column(name = "token_sealed")
    byte[] tokenSealed;

    @Column(name = "check_url_sealed")
    byte[] checkUrlSealed;

    @Column(name = "task_no")
    String taskNo;

    @Column(name = "verdict_code")
    Integer verdictCode;

    @Column(name = "verdict_message")
    String verdictMessage;

    @Column(name = "verdict_at")
    OffsetDateTime verdictAt;

    @Column(name = "fee_amount")
    Long feeAmount;

    @Column(name = "fee_fraction")
    int feeFraction;

    @Column(name = "fee_currency")
    String feeCurrency;

    @Column(name = "charge_settled_at")
    OffsetDateTime chargeSettledAt;

    @Column(name = "created_at")
    OffsetDateTime createdAt;

    @Column(name = "updated_at")
    OffsetDateTime updatedAt;

    @Column(name = "thinned_at")
    OffsetDateTime thinnedAt;

    @Column(name = "erased_at")
    OffsetDateTime erasedAt;

    public SessionRow row() {
        return new SessionRow(
                id,
                caller,
                status,
                new SessionRow.Requested(
                        returnUrl,
                        actionStyle,
                        actions,
                        actionMutex,
                        antiCameraHack,
                        title,
                        reference,
                        metadata,
                        costCentre),
                new SessionRow.Token(instant(tokenExpiresAt), tokenSealed, checkUrlSealed),
                new SessionRow.Verdict(verdictCode, verdictMessage, instant(verdictAt)),
                new SessionRow.Fee(chargeStatus, feeUnits(), feeCurrency, taskNo, instant(chargeSettledAt)),
                instant(createdAt),
                instant(updatedAt),
                instant(thinnedAt),
                instant(erasedAt));
    }

    private Long feeUnits() {
        return feeAmount == null
                ? null
                : (Long) Money.of(feeAmount, feeFraction, feeCurrency).units();
    }

    private static Instant instant(OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
