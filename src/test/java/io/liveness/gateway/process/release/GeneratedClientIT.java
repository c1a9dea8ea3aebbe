package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.liveness.gateway.client.ApiClient;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.LivenessGateway;
import io.liveness.gateway.client.ProblemException;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.api.LivenessSessionsApi.APIListSessionsRequest;
import io.liveness.gateway.client.model.DataEvent;
import io.liveness.gateway.client.model.EventType;
import io.liveness.gateway.client.model.FieldError;
import io.liveness.gateway.client.model.LookupRequest;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionEvent;
import io.liveness.gateway.client.model.SessionPage;
import io.liveness.gateway.client.model.SessionStatus;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Java client that the contract makes, against the packaged gateway: each form of parameter, body and answer, and what can go wrong. */
class GeneratedClientIT {

    private static Surroundings around;
    private static GatewayProcess gateway;

    // A separate caller for each test.
    private final String caller = "shop-" + UUID.randomUUID();
    private final LivenessSessionsApi sessions = sessions(caller);

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        gateway = around.start(around.environment().with("liveness.poll.timetable", "1s,2s,5s"));
    }

    @AfterAll
    static void end() {
        around.close();
    }

    /** The example of docs/callers.md. */
    @Test
    void a_check_from_opening_to_verdict() throws ApiException {
        String url = gateway.url();
        Supplier<String> tokens = () -> around.callers().accessToken(caller);
        String key = "order-4711";
        String returnUrl = "https://shop.example/done";
        String title = "sandbox:pass";

        LivenessGateway gateway = new LivenessGateway(url, tokens);
        try {
            OpenSessionRequest order =
                    new OpenSessionRequest().returnUrl(returnUrl).title(title);
            Session opened = gateway.openSession(key, order, Duration.ofMinutes(1));
            // Now send the person to opened.getCheckUrl().
            Session checked = gateway.waitForVerdict(opened.getId(), Duration.ofMinutes(5));
            System.out.println(checked.getStatus() + ", " + checked.getCharge().getStatus());
        } catch (ProblemException e) {
            Problem problem = e.getProblem();
            System.out.println(e.getCode() + ", " + problem.getCode() + ", " + problem.getRequestId());
        }

        assertThat(listed(filter -> filter))
                .singleElement()
                .extracting(Session::getStatus)
                .isEqualTo(SessionStatus.PASSED);
    }

    @Test
    void who_comes_back_with_the_token_of_the_check_has_its_verdict() throws ApiException {
        CallersServer server = new CallersServer(
                new LivenessGateway(gateway.url(), () -> around.callers().accessToken(caller)));
        Session expected = sessions.openSession("expected", order("pass"));
        Session another = sessions.openSession("another", order("pass"));

        assertThat(server.verdict(expected.getId(), Optional.of(expected.getToken())))
                .isEqualTo(SessionStatus.PASSED);
        assertThat(server.verdict(another.getId(), Optional.empty())).isEqualTo(SessionStatus.PASSED);
        assertThatThrownBy(() -> server.verdict(expected.getId(), Optional.of(another.getToken())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** The example of docs/callers.md. */
    private record CallersServer(LivenessGateway gateway, LivenessSessionsApi sessions) {

        private CallersServer(LivenessGateway gateway) {
            this(gateway, new LivenessSessionsApi(gateway.client()));
        }

        SessionStatus verdict(UUID expected, Optional<String> token) throws ApiException {
            if (token.isPresent()) {
                LookupRequest named = new LookupRequest().token(token.get());
                if (!gateway.call(() -> sessions.lookupSession(named)).getId().equals(expected)) {
                    throw new IllegalArgumentException("the token belongs to another check");
                }
            }
            gateway.call(() -> sessions.checkSession(expected));
            return gateway.waitForVerdict(expected, Duration.ofSeconds(20)).getStatus();
        }
    }

    @Test
    void sessions_are_listed_by_filter_and_by_page() throws ApiException {
        List<UUID> newestFirst = new ArrayList<>();
        for (String reference : List.of("a", "b", "c")) {
            newestFirst.add(
                    0,
                    sessions.openSession(reference, order("abandon").reference(reference))
                            .getId());
        }
        OffsetDateTime second = sessions.getSession(newestFirst.get(1), null).getCreatedAt();

        SessionPage first = sessions.listSessions(
                APIListSessionsRequest.newBuilder().pageSize(2).build());
        SessionPage last = sessions.listSessions(APIListSessionsRequest.newBuilder()
                .pageSize(2)
                .pageToken(first.getNextPageToken())
                .build());

        assertThat(first.getItems()).extracting(Session::getId).isEqualTo(newestFirst.subList(0, 2));
        assertThat(last.getItems()).extracting(Session::getId).isEqualTo(newestFirst.subList(2, 3));
        assertThat(last.getNextPageToken()).isNull();
        assertThat(listed(filter -> filter.createdTo(second)))
                .extracting(Session::getReference)
                .containsExactly("a");
        assertThat(listed(filter -> filter.reference("b").status(SessionStatus.PENDING)))
                .extracting(Session::getId)
                .containsExactly(newestFirst.get(1));
    }

    @Test
    void the_face_image_arrives_byte_for_byte_until_it_is_redacted() throws ApiException, IOException {
        Session passed =
                sessions.checkSession(sessions.openSession("key", order("pass")).getId());

        File faceImage = sessions.getFaceImage(passed.getId());
        sessions.redactFaceImage(passed.getId());

        assertThat(Files.readAllBytes(faceImage.toPath())).isEqualTo(Sandbox.faceImage());
        assertThat(refused(410, () -> sessions.getFaceImage(passed.getId())).getCode())
                .isEqualTo("gone");
        assertThat(sessions.listSessionEvents(passed.getId(), null, null).getItems())
                .extracting(SessionEvent::getType)
                .containsExactly(
                        EventType.OPENING,
                        EventType.OPENED,
                        EventType.CHECKED,
                        EventType.SETTLED,
                        EventType.FACE_REDACTED);
        assertThat(sessions.listDataEvents(passed.getId(), null, null).getItems())
                .extracting(DataEvent::getType, DataEvent::getBy)
                .containsExactly(tuple("FACE_VIEWED", caller), tuple("FACE_REDACTED", caller));
        Files.delete(faceImage.toPath());
    }

    @Test
    void every_refusal_is_a_problem_that_the_client_reads() throws ApiException {
        Session opened = sessions.openSession("key", order("pass"));

        assertThat(refused(
                                400,
                                () -> sessions.openSession(
                                        "other", order("pass").title("t".repeat(33))))
                        .getErrors())
                .extracting(FieldError::getField)
                .containsExactly("title");
        assertThat(refused(404, () -> sessions("another").lookupSession(new LookupRequest().token(opened.getToken())))
                        .getCode())
                .isEqualTo("not-found");
        assertThat(refused(401, () -> sessionsWith("no token").getSession(opened.getId(), 0))
                        .getCode())
                .isEqualTo("unauthenticated");
        assertThat(refused(503, () -> sessions.openSession("busy", order("code-609")))
                        .getVendorCode())
                .isEqualTo(609);
    }

    private List<Session> listed(UnaryOperator<APIListSessionsRequest.Builder> filter) throws ApiException {
        return sessions.listSessions(
                        filter.apply(APIListSessionsRequest.newBuilder()).build())
                .getItems();
    }

    private static Problem refused(int status, ThrowingCallable call) {
        ApiException failure = catchThrowableOfType(ApiException.class, call);
        assertThat(failure.getCode()).as(failure.getMessage()).isEqualTo(status);
        Problem problem = Callers.problem(failure);
        assertThat(problem.getStatus()).isEqualTo(status);
        assertThat(problem.getRequestId())
                .isEqualTo(
                        failure.getResponseHeaders().firstValue("X-Request-Id").orElseThrow());
        return problem;
    }

    private static OpenSessionRequest order(String scenario) {
        return new OpenSessionRequest().returnUrl("https://shop.example/done").title("sandbox:" + scenario);
    }

    private static LivenessSessionsApi sessions(String caller) {
        return sessionsWith(around.callers().accessToken(caller));
    }

    private static LivenessSessionsApi sessionsWith(String accessToken) {
        return new LivenessSessionsApi(client(accessToken));
    }

    private static ApiClient client(String accessToken) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(gateway.url());
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + accessToken));
        return client;
    }
}
