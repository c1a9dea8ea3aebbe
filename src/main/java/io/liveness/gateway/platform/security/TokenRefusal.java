package io.liveness.gateway.platform.security;

import java.util.Locale;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.InvalidJwtSignatureException;

/** Why a request was not let in. */
public enum TokenRefusal {
    /** There was none, or none after {@code Bearer}. */
    NO_TOKEN,
    EXPIRED,
    ISSUER,
    AUDIENCE,
    /** The token was not made with a key of the issuer. */
    SIGNATURE,
    /** Made for the client of a sign-in and not for a service. */
    ID_TOKEN,
    /** The token's sender would have to prove that it has a key. */
    KEY_BOUND,
    /** Further ahead than {@code liveness.tokens.longest-life}. */
    ENDS_TOO_LATE,
    /** Unreadable, or wrong in another way. */
    INVALID,
    /** The token is in order, but lacks the role for the operation. */
    ROLE;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    /** The reason for what the verification of a token threw; {@link #INVALID} for anything unknown. */
    public static TokenRefusal of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidJwtException invalid) {
                return of(invalid);
            }
        }
        return INVALID;
    }

    private static TokenRefusal of(InvalidJwtException invalid) {
        if (invalid.hasExpired()) {
            return EXPIRED;
        }
        if (invalid.hasErrorCode(ErrorCodes.ISSUER_INVALID) || invalid.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
            return ISSUER;
        }
        if (invalid.hasErrorCode(ErrorCodes.AUDIENCE_INVALID) || invalid.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
            return AUDIENCE;
        }
        return invalid instanceof InvalidJwtSignatureException ? SIGNATURE : INVALID;
    }

    public int status() {
        return this == ROLE ? FORBIDDEN : UNAUTHORIZED;
    }

    /** The name of the reason in metrics and the log. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
