package io.liveness.gateway.open;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Hashes a request, to compare two requests with one key: after defaults, independent of field order. Absent fields are left out, so that a
 * field added later does not change stored hashes.
 */
public final class RequestHash {

    // A separate mapper: changes to the JSON of answers must not change stored hashes.
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
