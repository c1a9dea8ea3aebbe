package io.liveness.gateway.jumdata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpClientRequest;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ClientMessageBodyWriter;

/**
 * Writes the body of a call. The client comes here when the connection is there, TLS included, and before it writes the first
 * byte of the request; without a body it cannot write any. So this is the one place where a request is let go.
 */
final class VendorFormWriter implements ClientMessageBodyWriter<VendorForm> {

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == VendorForm.class;
    }

    @Override
    public void writeTo(
            VendorForm form,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream body,
            RestClientRequestContext context)
            throws IOException {
        byte[] encoded = encode(form);
        HttpClientRequest request = context.getHttpClientRequest();
        AnswerLimit.watch(request, form.attempt());
        if (!form.attempt().send()) {
            // The client does not free the connection of a request that it could not write, and would log its end as an
            // error.
            request.exceptionHandler(closed -> {});
            request.connection().close();
            throw new IOException("the call was given up before its connection was made");
        }
        body.write(encoded);
    }

    private static byte[] encode(VendorForm form) {
        return form.fields().entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(US_ASCII);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @Override
    public void writeTo(
            VendorForm form,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream body) {
        throw new UnsupportedOperationException("only the REST client sends a form to the vendor");
    }
}
