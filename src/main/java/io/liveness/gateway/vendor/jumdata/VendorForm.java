package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.liveness.gateway.vendor.jumdata.Exchange.Attempt;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ClientMessageBodyWriter;

/**
 * The body of a call: its parameters, and the attempt that it is sent in.
 *
 * @param fields parameters by the vendor's names, the common ones (vendor document, 公共请求参数) included
 */
record VendorForm(Map<String, String> fields, Attempt attempt) {

    /** Without signature, token and addresses. */
    @Override
    public String toString() {
        return "VendorForm" + fields.keySet();
    }

    /**
     * Writes the body of a call. The client comes here when the connection is there, TLS included, and before it writes the first
     * byte of the request; without a body it cannot write any. So this is the one place where a request is let go.
     */
    static final class Writer implements ClientMessageBodyWriter<VendorForm> {

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
                // The client does not free the connection of a request that it could not write, and would log its end
                // as an
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

    /** Counts the bytes of an answer and drops the connection after the largest number that is read, so that memory is bounded. */
    static final class AnswerLimit implements Handler<Buffer> {

        /** In bytes; the vendor's answers have less than one thousand. */
        static final int LARGEST_ANSWER = 64 * 1024;

        private final HttpClientRequest request;
        private final Attempt attempt;
        private int read;

        private AnswerLimit(HttpClientRequest request, Attempt attempt) {
            this.request = request;
            this.attempt = attempt;
        }

        /** To be called before the request is sent: the client collects the body beside this handler. */
        static void watch(HttpClientRequest request, Attempt attempt) {
            request.response().onSuccess(response -> response.handler(new AnswerLimit(request, attempt)));
        }

        @Override
        public void handle(Buffer chunk) {
            // One chunk is no longer than the client's read buffer: this sum cannot overflow before the connection is
            // gone.
            read += chunk.length();
            if (read > LARGEST_ANSWER && !attempt.wasCutOff()) {
                attempt.cutOff();
                request.connection().close();
            }
        }
    }
}
