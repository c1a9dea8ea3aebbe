package io.liveness.gateway.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.api.WebhooksApi;
import io.liveness.gateway.client.api.WebhooksApi.APIListEventsRequest;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.CallerEventPage;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionStatus;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The gateway as a caller's server uses it. One object serves all threads.
 *
 * <p>A failure is a {@link ProblemException}, or a plain {@link ApiException} when there was no answer (code 0) or a proxy answered.
 */
public final class LivenessGateway {

    private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(45);
    private static final int LONGEST_WAIT_SECONDS = 30;
    private static final Duration LONGEST_READ = Duration.ofMinutes(1);
    private static final Duration BETWEEN_READS = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final int DOUBLINGS = 4;
    // What is repeated does not wait: perhaps it was refused since too many do.
    private static final int NO_MORE = 0;

    /** What docs/problems.md says to repeat with the same key. */
    private static final Set<String> REPEATED = Set.of(
            "idempotency-key-in-flight",
            "rate-limited",
            "internal-error",
            "unavailable",
            "vendor-unavailable",
            "opens-paused",
            "busy");

    private static final ApiClient JSON = new ApiClient();

    private final Supplier<String> tokens;
    private final ApiClient client = new ApiClient();
    private final LivenessSessionsApi sessions;
    private final WebhooksApi webhooks;
    // The generated calls have no parameter for it.
    private final ThreadLocal<Deadline> deadlines = new ThreadLocal<>();
    private final ThreadLocal<CompletableFuture<Void>> readings = new ThreadLocal<>();
    private String token;

    /**
     * @param url of the gateway
     * @param tokens gives an access token: asked at first, and again when the gateway no longer takes the last one
     */
    public LivenessGateway(String url, Supplier<String> tokens) {
        this(url, tokens, HttpClient.newBuilder());
    }

    /** @param connections such as by a proxy, or with the certificate of your own authority */
    public LivenessGateway(String url, Supplier<String> tokens, HttpClient.Builder connections) {
        this.tokens = tokens;
        client.setHttpClientBuilder(connections);
        client.updateBaseUri(url);
        client.setRequestInterceptor(this::prepare);
        client.setResponseInterceptor(this::limit);
        sessions = new LivenessSessionsApi(client);
        webhooks = new WebhooksApi(client);
    }

    /** The generated client makes the contract's other operations, within {@link #call}. */
    public ApiClient client() {
        return client;
    }

    /**
     * Opens a session once, however often it has to ask: after a lost answer, while an earlier request is under way, and when the
     * gateway asks for patience.
     *
     * @param key of this intended session; the same after a restart of your server
     * @param within the time after which the last failure is thrown; the same key may be used again
     * @return the session, with its state of now when an earlier request opened it
     */
    public Session openSession(String key, OpenSessionRequest request, Duration within) throws ApiException {
        return repeat(new Deadline(within), () -> sessions.openSession(key, request));
    }

    /** Waits until there is a verdict, or none any more. At the end of the time it answers with the session as it is, still pending. */
    public Session waitForVerdict(UUID id, Duration within) throws ApiException {
        Deadline deadline = new Deadline(within);
        Session last = null;
        while (true) {
            // A second is left for the answer.
            AtomicInteger wait = new AtomicInteger((int)
                    Math.min(LONGEST_WAIT_SECONDS, Math.max(0, deadline.left().toSeconds() - 1)));
            try {
                last = repeat(deadline, () -> sessions.getSession(id, wait.getAndSet(NO_MORE)));
            } catch (ApiException e) {
                if (last == null || !mayBeRepeated(e)) {
                    throw e;
                }
                return last;
            }
            if (!isOpen(last.getStatus()) || deadline.left().compareTo(Duration.ofSeconds(1)) < 0) {
                return last;
            }
            sleep(BETWEEN_READS);
        }
    }

    private static boolean isOpen(SessionStatus status) {
        return status == SessionStatus.PENDING || status == SessionStatus.OPENING;
    }

    /** Hands on the caller's next events of all types, from the oldest on. */
    public void readEvents(CursorStore cursors, EventHandler handler) throws ApiException {
        readEvents(cursors, handler, APIListEventsRequest.newBuilder().build());
    }

    /**
     * Hands on the caller's next events, for which it waits up to half a minute: the body of an endless loop, without a pause. It repeats
     * what may be repeated for a minute. Each event comes at least once: after a crash of your server or a restore of the gateway some come
     * again, with the same id.
     *
     * @param cursors keeps the place in the feed, best in your database
     * @param handler what it throws ends the reading; the events of that part come again
     * @param wanted {@code from} where a feed without a cursor begins, only a {@code type}, another {@code waitSeconds}
     */
    public void readEvents(CursorStore cursors, EventHandler handler, APIListEventsRequest wanted) throws ApiException {
        String cursor = cursors.load();
        CallerEventPage page = eventsAfter(cursor, wanted, cursors);
        if (cursor == null && page.getItems().isEmpty()) {
            // Kept before the first wait: to begin anew might be later.
            cursors.save(page.getNext());
            page = eventsAfter(page.getNext(), wanted, cursors);
        }
        for (CallerEvent event : page.getItems()) {
            handler.handle(event);
        }
        cursors.save(page.getNext());
    }

    private CallerEventPage eventsAfter(String cursor, APIListEventsRequest wanted, CursorStore cursors)
            throws ApiException {
        try {
            return page(cursor, wanted);
        } catch (ProblemException e) {
            String next = e.getProblem().getNext();
            if (next == null) {
                throw e;
            }
            cursors.restored();
            return page(next, wanted);
        }
    }

    private CallerEventPage page(String after, APIListEventsRequest wanted) throws ApiException {
        Integer asked = after == null ? Integer.valueOf(0) : wanted.waitSeconds();
        AtomicInteger wait = new AtomicInteger(asked == null ? LONGEST_WAIT_SECONDS : asked);
        APIListEventsRequest.Builder request = APIListEventsRequest.newBuilder()
                .after(after)
                .from(after == null ? wanted.from() : null)
                .type(wanted.type())
                .sessionId(wanted.sessionId())
                .pageSize(wanted.pageSize());
        return repeat(
                new Deadline(LONGEST_READ),
                () -> webhooks.listEvents(
                        request.waitSeconds(wait.getAndSet(NO_MORE)).build()));
    }

    /**
     * Reads a webhook if it was signed with the endpoint's secret in the last five minutes.
     *
     * @param headers of the request, with names in upper or lower case
     * @param body exactly as it came
     * @return the event, as the feed has it
     */
    public static CallerEvent verifyWebhook(String secret, Map<String, List<String>> headers, String body)
            throws WebhookVerificationException {
        try {
            new Webhook(secret).verify(body, HttpHeaders.of(headers, (name, value) -> true));
            return JSON.getObjectMapper().readValue(body, CallerEvent.class);
        } catch (EmptyWebhookSecretException e) {
            throw new IllegalArgumentException("the secret is empty", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("signed, but no event", e);
        }
    }

    /** Makes a call once; with another token when the gateway no longer takes the last one. */
    public <T> T call(Call<T> call) throws ApiException {
        String used = token();
        try {
            return attempt(call);
        } catch (ApiException e) {
            if (e.getCode() != 401) {
                throw e;
            }
            renew(used);
            return attempt(call);
        }
    }

    private <T> T repeat(Deadline deadline, Call<T> call) throws ApiException {
        for (int failures = 0; ; failures++) {
            try {
                deadlines.set(new Deadline(deadline.atMost(LONGEST_ATTEMPT)));
                return call(call);
            } catch (ApiException e) {
                Duration pause = pause(e, failures);
                if (!mayBeRepeated(e) || deadline.left().compareTo(pause) <= 0) {
                    throw e;
                }
                sleep(pause);
            } finally {
                deadlines.remove();
            }
        }
    }

    private <T> T attempt(Call<T> call) throws ApiException {
        try {
            return call.send();
        } catch (ApiException e) {
            throw explained(e);
        } finally {
            CompletableFuture<Void> reading = readings.get();
            if (reading != null) {
                reading.complete(null);
                readings.remove();
            }
        }
    }

    private ApiException explained(ApiException e) {
        if (!header(e, "Content-Type").startsWith("application/problem+json")) {
            return e;
        }
        try {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            return problem == null || problem.getCode() == null ? e : new ProblemException(e, problem);
        } catch (JsonProcessingException notOne) {
            return e;
        }
    }

    private static String header(ApiException e, String name) {
        HttpHeaders headers = e.getResponseHeaders();
        return headers == null ? "" : headers.firstValue(name).orElse("");
    }

    private static boolean mayBeRepeated(ApiException e) {
        if (e instanceof ProblemException) {
            return REPEATED.contains(((ProblemException) e).getProblem().getCode());
        }
        // A missing answer, or a proxy's: the gateway may have done what was asked.
        boolean lost = e.getCode() == 0 && !(e.getCause() instanceof JsonProcessingException);
        return (lost || e.getCode() >= 500 || e.getCode() == 429)
                && !Thread.currentThread().isInterrupted();
    }

    /** What the gateway asks for, but half a second at least; else that, doubled each time up to eight, each between half and all of it. */
    private static Duration pause(ApiException e, int failures) {
        String asked = header(e, "Retry-After");
        if (asked.matches("\\d{1,9}")) {
            long millis = TimeUnit.SECONDS.toMillis(Long.parseLong(asked));
            return Duration.ofMillis(Math.max(FIRST_PAUSE.toMillis(), millis));
        }
        long most = FIRST_PAUSE.toMillis() << Math.min(failures, DOUBLINGS);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }

    private static void sleep(Duration pause) throws ApiException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(e);
        }
    }

    private void prepare(HttpRequest.Builder request) {
        request.header("Authorization", "Bearer " + token()).timeout(timeout());
    }

    /**
     * The timeout of a request ends with the head of its answer: a body that stalls is closed, and its reading fails. Not of other
     * operations, whose files may take minutes.
     */
    private void limit(HttpResponse<InputStream> answer) {
        if (deadlines.get() == null) {
            return;
        }
        CompletableFuture<Void> reading = new CompletableFuture<>();
        reading.orTimeout(timeout().toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> close(answer.body()));
        readings.set(reading);
    }

    private static Void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // A failed close ends the answer too.
        }
        return null;
    }

    private Duration timeout() {
        Deadline deadline = deadlines.get();
        return deadline == null ? LONGEST_ATTEMPT : deadline.atMost(LONGEST_ATTEMPT);
    }

    private synchronized String token() {
        if (token == null) {
            token = tokens.get().strip();
        }
        return token;
    }

    /** A token that another thread has renewed is kept. */
    private synchronized void renew(String refused) {
        if (refused.equals(token)) {
            token = tokens.get().strip();
        }
    }

    /** A call of one of the generated classes. */
    @FunctionalInterface
    public interface Call<T> {
        T send() throws ApiException;
    }

    /** The place in the feed, beyond restarts. */
    public interface CursorStore {

        /** Null at the beginning. */
        String load();

        void save(String cursor);

        /** The gateway's database was restored: events since the backup may be lost, so read the sessions that you wait for. */
        default void restored() {}
    }

    /** Works on an event, and ignores one whose id it has. */
    @FunctionalInterface
    public interface EventHandler {
        void handle(CallerEvent event);
    }

    private static final class Deadline {

        private final long end;

        private Deadline(Duration within) {
            end = System.nanoTime() + within.toNanos();
        }

        private Duration left() {
            return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        }

        /** A request's timeout must not be zero. */
        private Duration atMost(Duration longest) {
            Duration left = left();
            return left.isZero() ? Duration.ofMillis(1) : left.compareTo(longest) < 0 ? left : longest;
        }
    }
}
