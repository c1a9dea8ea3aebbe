package io.liveness.gateway.console;

import io.vertx.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/** The files of the console, from the class path folder {@code console}; kept in memory after the first request. */
@Singleton
class ConsoleFiles {

    /** No segment begins with a dot, so none leads out of the folder. */
    private static final Pattern SAFE = Pattern.compile("([\\w-]+/)*[\\w-]+(\\.[\\w-]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "svg", "image/svg+xml");

    /** @param tag changes with the content, for {@code ETag} */
    record File(String type, Buffer plain, Buffer compressed, String tag) {}

    private final Map<String, File> known = new ConcurrentHashMap<>();

    /** Empty unless it was read before. */
    Optional<File> known(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** Reads a file; blocks. Empty when there is none. */
    Optional<File> read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !SAFE.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream resource = ConsoleFiles.class.getResourceAsStream("/console/" + name)) {
            if (resource == null) {
                return Optional.empty();
            }
            File file = file(type, resource.readAllBytes());
            known.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static File file(String type, byte[] content) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(content);
        }
        return new File(type, Buffer.buffer(content), Buffer.buffer(compressed.toByteArray()), tag(content));
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
