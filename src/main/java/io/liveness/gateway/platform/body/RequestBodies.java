package io.liveness.gateway.platform.body;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * What must be true of a body before it is read: it says its type, and JSON is UTF-8 (RFC 8259, 8.1) within the limit.
 * Jackson alone would also take UTF-16, UTF-32 and overlong UTF-8, and the framework a body of unknown type.
 */
@Provider
@Singleton
class RequestBodies implements ReaderInterceptor {

    private static final Pattern JSON = Pattern.compile("(?i)application/json\\s*(;.*)?");
    private static final Pattern MEDIA_TYPE = Pattern.compile("[^/;\\s]+/[^/;\\s]+\\s*(;.*)?");

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        String type = body.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        if (type == null) {
            throw new NotSupportedException();
        }
        if (isJson(type)) {
            body.setInputStream(new ByteArrayInputStream(checked(body)));
        }
        return body.proceed();
    }

    static boolean isJson(String contentType) {
        return contentType != null
                && (contentType.equals(MediaType.APPLICATION_JSON)
                        || JSON.matcher(contentType).matches());
    }

    /** What is no media type at all would be a bare 400 in the reader. */
    @ServerRequestFilter
    void requireMediaType(HttpServerRequest request) {
        List<String> types = request.headers().getAll(io.vertx.core.http.HttpHeaders.CONTENT_TYPE);
        if (!types.isEmpty() && !isMediaType(String.join(",", types))) {
            throw new NotSupportedException();
        }
    }

    private static boolean isMediaType(String type) {
        return type.equals(MediaType.APPLICATION_JSON)
                || MEDIA_TYPE.matcher(type).matches();
    }

    private byte[] checked(ReaderInterceptorContext body) throws IOException {
        byte[] bytes = body.getInputStream().readNBytes(BodyLimit.LIMIT + 1);
        if (bytes.length > BodyLimit.LIMIT) {
            throw BodyLimit.tooLarge();
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw StrictJson.malformed();
        }
        for (byte b : bytes) {
            if (b == 0) {
                // Never in JSON, always in its UTF-16.
                throw StrictJson.malformed();
            }
        }
        return bytes;
    }
}
