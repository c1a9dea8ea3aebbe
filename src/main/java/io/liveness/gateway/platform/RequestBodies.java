package io.liveness.gateway.platform;

import io.quarkus.runtime.configuration.MemorySize;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What must be true of a body before it is read: it says its type, and JSON is UTF-8 (RFC 8259, 8.1) within the limit.
 * Jackson alone would also take UTF-16, UTF-32 and overlong UTF-8, and the framework a body of unknown type.
 */
@Provider
@Singleton
class RequestBodies implements ReaderInterceptor {

    private final int limit;

    RequestBodies(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
        this.limit = Math.toIntExact(Math.min(limit.asLongValue(), Integer.MAX_VALUE - 1L));
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext body) throws IOException {
        if (body.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE) == null) {
            throw new NotSupportedException();
        }
        if (body.getMediaType().isCompatible(MediaType.APPLICATION_JSON_TYPE)) {
            body.setInputStream(new ByteArrayInputStream(checked(body)));
        }
        return body.proceed();
    }

    private byte[] checked(ReaderInterceptorContext body) throws IOException {
        byte[] bytes = body.getInputStream().readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw BodyLimit.tooLarge();
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw JsonRules.malformed();
        }
        for (byte b : bytes) {
            if (b == 0) {
                // Never in JSON, always in its UTF-16.
                throw JsonRules.malformed();
            }
        }
        return bytes;
    }
}
