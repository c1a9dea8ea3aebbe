package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.http.Exchange;
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.client.impl.RestClientRequestContext;
import org.jboss.resteasy.reactive.client.spi.ClientMessageBodyWriter;

/**
 * One call to the vendor, from connecting to the last byte. Connecting and answering have separate time limits. Any result becomes a {@link
 * Reply}; it never fails.
 */
@ApplicationScoped
class VendorCall {

    private static final Logger LOG = Logger.getLogger(VendorCall.class);
    private static final int ATTEMPTS_TO_CONNECT = 2;

    /** The most bytes of an answer; the vendor's have less than one thousand. */
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final JumdataConfig config;
    private final Vertx vertx;

    VendorCall(JumdataConfig config, Vertx vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    /** @param request made again, once, when the first one was not sent: that is the one case in which nothing can have arrived */
    Uni<Reply> send(Function<Predicate<HttpClientRequest>, Uni<Response>> request) {
        return attempt(request)
                .chain(reply -> reply instanceof Reply.None none && none.neverSent()
                        ? attempt(request)
                        : Uni.createFrom().item(reply));
    }

    /** The longest that {@link #send(Function)} takes. */
    Duration longest() {
        return config.connectTimeout().multipliedBy(ATTEMPTS_TO_CONNECT).plus(config.timeout());
    }

    private Uni<Reply> attempt(Function<Predicate<HttpClientRequest>, Uni<Response>> request) {
        return Uni.createFrom().emitter(waiting -> {
            Executor caller = CallerContext.capture();
            // Whether it was sent decides, not what it ended by.
            Exchange<Reply> exchange = new Exchange<>(
                    vertx,
                    LARGEST_ANSWER,
                    (reply, sent) -> caller.execute(() -> waiting.complete(sent ? reply : Reply.NEVER_CONNECTED)));
            exchange.within(config.connectTimeout(), () -> Reply.TIMED_OUT);
            // The call itself is not cancelled: the client loses the connection of one that is cancelled while it
            // connects.
            waiting.onTermination(() -> exchange.end(Reply.LOST));
            Uni.createFrom()
                    .deferred(() -> request.apply(connected -> letGo(exchange, connected)))
                    .map(VendorCall::read)
                    .subscribe()
                    .with(reply -> exchange.end(reply, true), failure -> {
                        // The stack trace adds nothing here, and a message of a library may hold what must not be
                        // logged.
                        LOG.debugf("call to the vendor failed with %s", failure.getClass());
                        exchange.end(Reply.LOST);
                    });
        });
    }

    private boolean letGo(Exchange<Reply> exchange, HttpClientRequest connected) {
        if (!exchange.send(connected, config.timeout(), () -> Reply.TIMED_OUT)) {
            return false;
        }
        // The client has no limit, and collects the body beside this.
        connected
                .response()
                .onSuccess(answer -> answer.handler(part -> {
                    if (exchange.isTooLongWith(part)) {
                        exchange.end(Reply.LOST);
                    }
                }));
        return true;
    }

    private static Reply read(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return Reply.Reader.read(body)
                .<Reply>map(answer -> answer)
                .orElseGet(() -> Reply.foreign(response.getStatus()));
    }

    /**
     * The body of a call.
     *
     * @param fields parameters by the vendor's names, the common ones (vendor document, 公共请求参数) included
     * @param letGo asked before the first byte is written, and false when the call was given up: then nothing may be written
     */
    record Form(Map<String, String> fields, Predicate<HttpClientRequest> letGo) {

        /** The text leaves out signature, token and addresses. */
        @Override
        public String toString() {
            return "Form" + fields.keySet();
        }

        /**
         * Writes the body of a call. The client comes here when the connection is there, TLS included, and before it writes the first
         * byte of the request; without a body it cannot write any. So this is the one place where a request is let go.
         */
        static final class Writer implements ClientMessageBodyWriter<Form> {

            @Override
            public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
                return type == Form.class;
            }

            @Override
            public void writeTo(
                    Form form,
                    Class<?> type,
                    Type genericType,
                    Annotation[] annotations,
                    MediaType mediaType,
                    MultivaluedMap<String, Object> headers,
                    OutputStream body,
                    RestClientRequestContext context)
                    throws IOException {
                byte[] encoded = encode(form);
                if (!form.letGo().test(context.getHttpClientRequest())) {
                    throw new IOException("the call was given up before its connection was made");
                }
                body.write(encoded);
            }

            private static byte[] encode(Form form) {
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
                    Form form,
                    Class<?> type,
                    Type genericType,
                    Annotation[] annotations,
                    MediaType mediaType,
                    MultivaluedMap<String, Object> headers,
                    OutputStream body) {
                throw new UnsupportedOperationException("only the REST client sends a form to the vendor");
            }
        }
    }

    /** What came back from one call to the vendor. */
    sealed interface Reply {

        /**
         * The vendor's JSON, whatever HTTP status and content type it came with. Token and addresses are as they were sent: they
         * may be blank or no address at all.
         */
        record JsonReply(
                int code,
                String message,
                BillingFlag charge,
                Optional<String> taskNo,
                Optional<String> token,
                Optional<String> checkUrl,
                Optional<String> faceImageUrl)
                implements Reply {

            /** The text leaves out token and addresses. */
            @Override
            public String toString() {
                return "JsonReply[code=" + code + ", charge=" + charge + ", taskNo=" + taskNo + "]";
            }
        }

        /**
         * No answer of the vendor's.
         *
         * @param neverSent not one byte of the request left, and none will: {@link Exchange} holds the proof
         * @param reason for people, without anything that came back
         */
        record None(boolean neverSent, String reason) implements Reply {}

        None NEVER_CONNECTED = new None(true, "no connection to the vendor could be made");

        /** The call failed when the request may have been under way. */
        None LOST = new None(false, "the call broke off before its answer was complete");

        /** The request was sent and its answer did not come in time. */
        None TIMED_OUT = new None(false, "the vendor did not answer in time");

        /** Something answered, but not with the vendor's JSON. */
        static None foreign(int httpStatus) {
            return new None(false, "the answer was not the vendor's JSON (HTTP status " + httpStatus + ")");
        }

        /**
         * Reads the vendor's JSON: lenient in general, strict about fields that a fee depends on. It uses a separate mapper, because the
         * API's mapper refuses unknown fields.
         */
        final class Reader {

            private static final ObjectMapper JSON = JsonMapper.builder()
                    // The vendor's own samples of 201, 202 and 203 have a comma behind the last field.
                    .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

            private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,9}");
            private static final String BYTE_ORDER_MARK = "\uFEFF";

            private Reader() {}

            /** Empty when this is not the vendor's JSON. */
            static Optional<JsonReply> read(byte[] body) {
                // Decoded here and not by the parser, so that a broken byte in a text costs a character and not a paid
                // token.
                String text = new String(body, UTF_8);
                try {
                    JsonNode root = JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
                    return root.isObject() ? answer(root) : Optional.empty();
                } catch (JsonProcessingException e) {
                    return Optional.empty();
                }
            }

            private static Optional<JsonReply> answer(JsonNode root) {
                JsonNode data = root.path("data");
                return code(root.path("code"))
                        .map(code -> new JsonReply(
                                code,
                                text(root.path("msg"))
                                        .or(() -> text(root.path("message")))
                                        .orElse(""),
                                charge(root.path("charge")),
                                text(root.path("taskNo")),
                                string(data.path("token")),
                                string(data.path("checkUrl")),
                                string(data.path("faceImageUrl"))));
            }

            private static Optional<Integer> code(JsonNode node) {
                return Optional.of(node)
                        .filter(code -> code.isIntegralNumber() || code.isTextual())
                        .map(JsonNode::asText)
                        .filter(code -> WHOLE_NUMBER.matcher(code).matches())
                        .map(Integer::valueOf);
            }

            private static BillingFlag charge(JsonNode node) {
                if (node.isMissingNode() || node.isNull()) {
                    return BillingFlag.ABSENT;
                }
                return switch (node.asText()) {
                    case "true" -> BillingFlag.BILLED;
                    case "false" -> BillingFlag.NOT_BILLED;
                    default -> BillingFlag.UNCLEAR;
                };
            }

            private static Optional<String> text(JsonNode node) {
                return Optional.of(node)
                        .filter(JsonNode::isValueNode)
                        .filter(value -> !value.isNull())
                        .map(JsonNode::asText)
                        .filter(text -> !text.isBlank());
            }

            private static Optional<String> string(JsonNode node) {
                return text(node).filter(text -> node.isTextual());
            }
        }
    }
}
