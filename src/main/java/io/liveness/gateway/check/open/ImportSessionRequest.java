package io.liveness.gateway.check.open;

import io.liveness.gateway.vendor.Confidential;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;

/**
 * The request to adopt a session that another integration has opened.
 *
 * @param taskNo the vendor's number of that init
 * @param openedAt when that init was sent, as RFC 3339
 * @param checkUrl as init gave it; not needed to poll
 * @param init what that init was given, and what else the gateway keeps of a session
 */
public record ImportSessionRequest(
        @NotNull(message = "is required")
        @Pattern(regexp = "[!-~]{1,512}", message = "must be 1 to 512 visible characters of ASCII")
        String token,

        @NotNull(message = "is required")
        @Pattern(regexp = "[A-Za-z0-9_-]{1,64}", message = "must be 1 to 64 characters of A-Za-z0-9_-")
        String taskNo,

        @NotNull(message = "is required") String openedAt,

        @Pattern(regexp = "https?://[!-~]{1,1000}", message = "must be an address by http or https")
        String checkUrl,

        @NotNull(message = "is required") @Valid OpenSessionRequest init) {

    Confidential confidentialToken() {
        return new Confidential(token);
    }

    Optional<Confidential> confidentialCheckUrl() {
        return Optional.ofNullable(checkUrl).map(Confidential::new);
    }

    ImportSessionRequest withDefaults() {
        return new ImportSessionRequest(token, taskNo, openedAt, checkUrl, init.withDefaults());
    }

    /**
     * The SHA-256 of this request with defaults filled in, to compare two requests with one key. It never equals that
     * of a request to open.
     */
    byte[] hash() {
        return OpenSessionRequest.hash(this);
    }

    /** The text leaves out token and address. */
    @Override
    public String toString() {
        return "ImportSessionRequest[" + taskNo + "]";
    }
}
