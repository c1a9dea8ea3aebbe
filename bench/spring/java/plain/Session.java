package plain;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import plain.SessionController.OpenRequest;
import plain.Vendor.InitAnswer;

@Entity
@Table(name = "liveness_session")
class Session extends Row {

    private static final Duration LIFE_OF_A_TOKEN = Duration.ofHours(2);

    String caller;
    String idempotencyKey;
    byte[] requestHash;
    String status;
    String chargeStatus;
    String returnUrl;
    String actionStyle;
    String actions;
    boolean actionMutex;
    boolean antiCameraHack;
    String title;
    String reference;
    int attempt;
    Instant initAt;
    Instant tokenExpiresAt;
    byte[] tokenSealed;
    byte[] tokenHash;
    byte[] checkUrlSealed;
    String taskNo;
    Long feeAmount;
    String feeCurrency;
    Instant createdAt;
    Instant updatedAt;

    protected Session() {}

    Session(UUID id, String caller, String key, OpenRequest request, byte[] hash) {
        this.id = id;
        this.caller = caller;
        this.idempotencyKey = key;
        this.requestHash = hash;
        this.status = "OPENING";
        this.chargeStatus = "NONE";
        this.returnUrl = request.returnUrl();
        this.actionStyle = "HEAD_AND_FACE";
        this.actions = "";
        this.actionMutex = true;
        this.antiCameraHack = true;
        this.title = request.title();
        this.reference = request.reference();
        this.attempt = 1;
        this.initAt = Instant.now();
        this.createdAt = initAt;
        this.updatedAt = initAt;
    }

    void opened(InitAnswer answer, Sealing sealing) {
        status = "PENDING";
        chargeStatus = "PRE_DEDUCTED";
        taskNo = answer.taskNo();
        tokenSealed = sealing.seal(answer.data().token());
        tokenHash = sealing.hash(answer.data().token());
        checkUrlSealed = sealing.seal(answer.data().checkUrl());
        tokenExpiresAt = initAt.plus(LIFE_OF_A_TOKEN);
        feeAmount = 800_000L;
        feeCurrency = "CNY";
        updatedAt = Instant.now();
    }
}
