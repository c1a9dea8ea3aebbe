package io.liveness.gateway.session.request;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Tells whether two requests with one key are the same: after defaults, whatever the order of their fields. What is absent has
 * no part in it, so a field that a later version adds leaves the stored hashes right as long as it is null when not given.
 */
public final class RequestHash {

    // Its own mapper: a change of how answers are written must not change what a stored key belongs to.
    private static final JsonMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    private RequestHash() {}

    public static byte[] of(OpenSessionRequest withDefaults) {
        return ofRecord(withDefaults);
    }

    static byte[] ofRecord(Record request) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(CANONICAL.writeValueAsBytes(request));
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException("SHA-256 and a record of strings are always there", e);
        }
    }
}
