package io.liveness.gateway.session.face;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The headers of the vendor's answer that are passed on.
 *
 * @param length in bytes; absent when the answer comes in chunks
 */
record FaceHead(String contentType, OptionalLong length) {

    // Raster images alone: an SVG or a page would run scripts in the caller's name.
    private static final Map<String, String> IMAGES = Map.of(
            "image/jpeg", "image/jpeg",
            "image/jpg", "image/jpeg", // no registered type, and much used
            "image/png", "image/png",
            "image/webp", "image/webp");

    /** @return empty when it is no image that we pass on, too large, or its end could not be told from a broken connection */
    static Optional<FaceHead> read(MultiMap headers, long maxBytes) {
        String type = header(headers, "content-type").split(";", 2)[0].strip();
        boolean encoded = !header(headers, "content-encoding").matches("|identity");
        boolean chunked = header(headers, "transfer-encoding").equals("chunked");
        String length = header(headers, "content-length");
        boolean fits = chunked
                || length.matches("\\d{1,18}") && Long.parseLong(length) > 0 && Long.parseLong(length) <= maxBytes;
        return Optional.ofNullable(IMAGES.get(type))
                .filter(image -> fits && !encoded)
                .map(image ->
                        new FaceHead(image, chunked ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length))));
    }

    private static String header(MultiMap headers, String name) {
        return Optional.ofNullable(headers.get(name)).orElse("").strip().toLowerCase(Locale.ROOT);
    }
}
