package io.liveness.gateway.platform.query;

import io.liveness.gateway.platform.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * Where the next page begins: after this row, under the same filters. Opaque to callers.
 *
 * @param after id of the last row of the page before
 */
public record PageToken(UUID after) {

    private static final int BYTES = 2 * Long.BYTES + Integer.BYTES;

    public String encode(List<?> filters) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES)
                .putLong(after.getMostSignificantBits())
                .putLong(after.getLeastSignificantBits())
                .putInt(fingerprint(filters));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws ProblemException when this is no token of ours, or one that was given out for other filters */
    public static PageToken decode(String token, List<?> filters) {
        return decode("pageToken", token, filters);
    }

    /**
     * Reads the token of a parameter other than {@code pageToken}.
     *
     * @param name of the parameter, for the problem
     * @throws ProblemException when this is no token of ours, or one that was given out for other filters
     */
    public static PageToken decode(String name, String token, List<?> filters) {
        byte[] bytes = bytes(token);
        if (bytes.length != BYTES) {
            throw ProblemException.invalid(name, "must be the token of an earlier answer, unchanged");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        UUID after = new UUID(in.getLong(), in.getLong());
        if (in.getInt() != fingerprint(filters)) {
            throw ProblemException.invalid(name, "belongs to another list or to other filters; start again without it");
        }
        return new PageToken(after);
    }

    private static byte[] bytes(String token) {
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    // Stable over replicas and releases as long as the filters' strings are.
    private static int fingerprint(List<?> filters) {
        return Arrays.hashCode(filters.stream().map(String::valueOf).toArray());
    }
}
