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
import io.liveness.gateway.vendor.LivenessVendor.BillingFlag;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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
class Exchange {

    private static final Logger LOG = Logger.getLogger(Exchange.class);
    private static final int ATTEMPTS_TO_CONNECT = 2;

    private final JumdataConfig config;
    private final Vertx vertx;

    Exchange(JumdataConfig config, Vertx vertx) {
        this.config = config;
        this.vertx = vertx;
    }

    /** @param request made again, once, when the first one was not sent: that is the one case in which nothing can have arrived */
    Uni<Reply> send(Function<Attempt, Uni<Response>> request) {
        return attempt(request)
                .chain(reply -> reply instanceof Reply.None none && none.neverSent()
                        ? attempt(request)
                        : Uni.createFrom().item(reply));
    }

    /** The longest that {@link #send(Function)} takes. */
    Duration longest() {
        return config.connectTimeout().multipliedBy(ATTEMPTS_TO_CONNECT).plus(config.timeout());
    }

    private Uni<Reply> attempt(Function<Attempt, Uni<Response>> request) {
        return Uni.createFrom().emitter(waiting -> new UnderWay(waiting).begin(request));
    }

    /** An attempt under way. The first of answer, failure and time limits is its reply. */
    private final class UnderWay {

        private static final long NONE = -1;

        private final Attempt attempt = new Attempt();
        private final UniEmitter<? super Reply> waiting;
        private final Executor caller = CallerContext.capture();
        // Not by Mutiny: its timers keep all that waits for them until the time is up, although they are cancelled.
        private volatile long timer = NONE;

        private UnderWay(UniEmitter<? super Reply> waiting) {
            this.waiting = waiting;
        }

        private void begin(Function<Attempt, Uni<Response>> request) {
            timer = vertx.setTimer(config.connectTimeout().toMillis(), timeUp -> notSentInTime());
            attempt.whenSent(this::sent);
            Cancellable call = Uni.createFrom()
                    .deferred(() -> request.apply(attempt))
                    .subscribe()
                    .with(this::answered, this::failed);
            // The client loses the connection of a request that is cancelled while it connects. One that is called off
            // is left to Form.Writer, which closes the connection as soon as there is one.
            waiting.onTermination(() -> {
                vertx.cancelTimer(timer);
                if (!attempt.callOff()) {
                    call.cancel();
                }
            });
        }

        private void sent() {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(config.timeout().toMillis(), timeUp -> reply(Reply.TIMED_OUT));
        }

        private void notSentInTime() {
            if (attempt.callOff()) {
                reply(Reply.NEVER_CONNECTED);
            }
        }

        private void answered(Response response) {
            try {
                reply(read(response));
            } catch (RuntimeException unreadable) {
                failed(unreadable);
            }
        }

        private void failed(Throwable failure) {
            reply(replyOf(attempt, failure));
        }

        private void reply(Reply reply) {
            caller.execute(() -> waiting.complete(reply));
        }
    }

    private static Reply read(Response response) {
        byte[] body = response.hasEntity() ? response.readEntity(byte[].class) : new byte[0];
        return Reply.Reader.read(body)
                .<Reply>map(answer -> answer)
                .orElseGet(() -> Reply.foreign(response.getStatus()));
    }

    private static Reply replyOf(Attempt attempt, Throwable failure) {
        // The stack trace adds nothing here, and a message of a library may hold what must not be logged.
        LOG.debugf("call to the vendor failed with %s", failure.getClass());
        return attempt.callOff() ? Reply.NEVER_CONNECTED : Reply.LOST;
    }

    /**
     * One attempt at a call. Its request is either sent or called off: {@link Form.Writer} asks here before it writes the first
     * byte. So a request that was called off has certainly not been sent.
     */
    static final class Attempt {

        private final CompletableFuture<Boolean> sent = new CompletableFuture<>();

        /** Returns true when the request may be written. It counts as sent from here on; false means that it must not be written. */
        boolean send() {
            return sent.complete(true);
        }

        /** Returns true when the request was not sent and never will be; false when some of it may have been sent. */
        boolean callOff() {
            return sent.complete(false) || !sent.join();
        }

        /** Runs when the request is sent, never when it is called off. */
        void whenSent(Runnable run) {
            sent.thenAccept(wasSent -> {
                if (wasSent) {
                    run.run();
                }
            });
        }
    }

    /**
     * The body of a call: its parameters, and the attempt that it is sent in.
     *
     * @param fields parameters by the vendor's names, the common ones (vendor document, 公共请求参数) included
     */
    record Form(Map<String, String> fields, Attempt attempt) {

        /** Without signature, token and addresses. */
        @Override
        public String toString() {
            return "Form" + fields.keySet();
        }

        /**
         * Writes the body of a call. The client comes here when the connection is there, TLS included, and before it writes the first
         * byte of the request; without a body it cannot write any. So this is the one place where a request is let go.
         */
        static final class Writer implements ClientMessageBodyWriter<Form> {

            /** In bytes; the vendor's answers have less than one thousand. */
            private static final int LARGEST_ANSWER = 64 * 1024;

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
                HttpClientRequest request = context.getHttpClientRequest();
                request.response().onSuccess(Writer::limit);
                if (!form.attempt().send()) {
                    // The client does not free the connection of a request that it could not write, and would log its
                    // end as an error.
                    request.exceptionHandler(closed -> {});
                    request.connection().close();
                    throw new IOException("the call was given up before its connection was made");
                }
                body.write(encoded);
            }

            /**
             * Drops the connection of an answer that is too long, so that memory is bounded: the client has no limit, and collects the body
             * beside this.
             */
            private static void limit(HttpClientResponse response) {
                AtomicInteger read = new AtomicInteger();
                response.handler(chunk -> {
                    if (read.addAndGet(chunk.length()) > LARGEST_ANSWER) {
                        response.request().connection().close();
                    }
                });
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
        record Answer(
                int code,
                String message,
                BillingFlag charge,
                Optional<String> taskNo,
                Optional<String> token,
                Optional<String> checkUrl,
                Optional<String> faceImageUrl)
                implements Reply {

            /** Without token and addresses. */
            @Override
            public String toString() {
                return "Answer[code=" + code + ", charge=" + charge + ", taskNo=" + taskNo + "]";
            }
        }

        /**
         * No answer of the vendor's.
         *
         * @param neverSent not one byte of the request left, and none will: {@link Attempt} holds the proof
         * @param reason for people, without anything that came back
         */
        record None(boolean neverSent, String reason) implements Reply {}

        None NEVER_CONNECTED = new None(true, "no connection to the vendor could be made");

        /** It failed when the request may have been under way. */
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
            static Optional<Answer> read(byte[] body) {
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

            private static Optional<Answer> answer(JsonNode root) {
                JsonNode data = root.path("data");
                return code(root.path("code"))
                        .map(code -> new Answer(
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
