package io.liveness.gateway.process.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.liveness.gateway.client.ApiClient;
import io.liveness.gateway.client.ApiException;
import io.liveness.gateway.client.ApiResponse;
import io.liveness.gateway.client.api.AuditApi;
import io.liveness.gateway.client.api.AuditApi.APIListAuditRequest;
import io.liveness.gateway.client.api.BudgetsApi;
import io.liveness.gateway.client.api.ChargesApi;
import io.liveness.gateway.client.api.ChargesApi.APIListChargesRequest;
import io.liveness.gateway.client.api.ChargesApi.APISummarizeChargesRequest;
import io.liveness.gateway.client.api.ErasuresApi;
import io.liveness.gateway.client.api.LivenessSessionsApi;
import io.liveness.gateway.client.api.LivenessSessionsApi.APIListSessionsRequest;
import io.liveness.gateway.client.api.PeriodsApi;
import io.liveness.gateway.client.api.PeriodsApi.APIClosePeriodRequest;
import io.liveness.gateway.client.api.PeriodsApi.APIReconcilePeriodRequest;
import io.liveness.gateway.client.api.PeriodsApi.APISoftClosePeriodRequest;
import io.liveness.gateway.client.api.StatementsApi;
import io.liveness.gateway.client.api.StatementsApi.APIAcceptFittingStatementDifferencesRequest;
import io.liveness.gateway.client.api.StatementsApi.APIAcceptStatementDifferenceRequest;
import io.liveness.gateway.client.api.StatementsApi.APIAcceptStatementDifferencesRequest;
import io.liveness.gateway.client.api.StatementsApi.APIConfirmFittingStatementDifferencesRequest;
import io.liveness.gateway.client.api.StatementsApi.APIConfirmStatementDifferenceRequest;
import io.liveness.gateway.client.api.StatementsApi.APIImportStatementRequest;
import io.liveness.gateway.client.api.StatementsApi.APIListAdjustmentsRequest;
import io.liveness.gateway.client.api.StatementsApi.APIListStatementDifferencesRequest;
import io.liveness.gateway.client.api.StatementsApi.APIMatchStatementDifferenceRequest;
import io.liveness.gateway.client.api.StatementsApi.APIPreviewStatementRequest;
import io.liveness.gateway.client.api.StatementsApi.APISetStatementDifferenceNoteRequest;
import io.liveness.gateway.client.api.StatementsApi.APISumStatementDifferencesRequest;
import io.liveness.gateway.client.api.StatementsApi.APIUnacceptStatementDifferenceRequest;
import io.liveness.gateway.client.api.StatementsApi.APIUnmatchStatementDifferenceRequest;
import io.liveness.gateway.client.api.WebhooksApi;
import io.liveness.gateway.client.model.AcceptDifferencesRequest;
import io.liveness.gateway.client.model.AcceptFittingRequest;
import io.liveness.gateway.client.model.Action;
import io.liveness.gateway.client.model.ActionStyle;
import io.liveness.gateway.client.model.AuditEntry;
import io.liveness.gateway.client.model.Budget;
import io.liveness.gateway.client.model.BudgetAmount;
import io.liveness.gateway.client.model.CallerEvent;
import io.liveness.gateway.client.model.Charge;
import io.liveness.gateway.client.model.ChargePage;
import io.liveness.gateway.client.model.ChargeStatus;
import io.liveness.gateway.client.model.ChargeSummary;
import io.liveness.gateway.client.model.ConfirmFittingRequest;
import io.liveness.gateway.client.model.DataEvent;
import io.liveness.gateway.client.model.DeliveryStatus;
import io.liveness.gateway.client.model.DifferenceNote;
import io.liveness.gateway.client.model.DifferenceReason;
import io.liveness.gateway.client.model.DifferenceState;
import io.liveness.gateway.client.model.DifferenceSum;
import io.liveness.gateway.client.model.EndpointStatus;
import io.liveness.gateway.client.model.Erasure;
import io.liveness.gateway.client.model.ErasureRecord;
import io.liveness.gateway.client.model.ErasureRequest;
import io.liveness.gateway.client.model.ErasureStatus;
import io.liveness.gateway.client.model.EventPage;
import io.liveness.gateway.client.model.EventType;
import io.liveness.gateway.client.model.FeeStatus;
import io.liveness.gateway.client.model.FieldError;
import io.liveness.gateway.client.model.LedgerBasis;
import io.liveness.gateway.client.model.LedgerEntry;
import io.liveness.gateway.client.model.LookupRequest;
import io.liveness.gateway.client.model.MatchDifferenceRequest;
import io.liveness.gateway.client.model.MatchKind;
import io.liveness.gateway.client.model.Movement;
import io.liveness.gateway.client.model.NamedStatementMapping;
import io.liveness.gateway.client.model.OpenFees;
import io.liveness.gateway.client.model.OpenFeesOfAge;
import io.liveness.gateway.client.model.OpenSessionRequest;
import io.liveness.gateway.client.model.Period;
import io.liveness.gateway.client.model.PeriodStatus;
import io.liveness.gateway.client.model.Problem;
import io.liveness.gateway.client.model.ProblemReason;
import io.liveness.gateway.client.model.Reconciliation;
import io.liveness.gateway.client.model.ReconciliationSums;
import io.liveness.gateway.client.model.RepeatedErasure;
import io.liveness.gateway.client.model.RepeatedErasureRecord;
import io.liveness.gateway.client.model.Session;
import io.liveness.gateway.client.model.SessionEvent;
import io.liveness.gateway.client.model.SessionPage;
import io.liveness.gateway.client.model.SessionStatus;
import io.liveness.gateway.client.model.SetBudgetRequest;
import io.liveness.gateway.client.model.StatedStatus;
import io.liveness.gateway.client.model.StatementDifference;
import io.liveness.gateway.client.model.StatementMapping;
import io.liveness.gateway.client.model.StatementPreviewLine;
import io.liveness.gateway.client.model.StatementStatus;
import io.liveness.gateway.client.model.WebhookEndpoint;
import io.liveness.gateway.client.model.WebhookEndpointRequest;
import io.liveness.gateway.client.model.WebhookReplay;
import io.liveness.gateway.client.model.WebhookReplayRequest;
import io.liveness.gateway.client.model.WithdrawStatementRequest;
import io.liveness.gateway.sandbox.Sandbox;
import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.contract.Contract;
import io.liveness.gateway.testsupport.contract.DrivenOperations;
import io.liveness.gateway.testsupport.http.FlakyReceiver;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Java client that the contract makes, against the packaged gateway: every operation, and what can go wrong. */
class GeneratedClientIT {

    private static final DrivenOperations DRIVEN = new DrivenOperations();

    private static Surroundings around;
    private static GatewayProcess gateway;
    private static FlakyReceiver receiver;

    // A separate caller for each test.
    private final String caller = "shop-" + UUID.randomUUID();
    private final LivenessSessionsApi sessions = sessions(caller);

    @BeforeAll
    static void start() {
        around = new Surroundings(SandboxSettings.defaults());
        receiver = new FlakyReceiver(0, 0);
        gateway = around.start(around.environment()
                .with("liveness.reconcile.timetable", "1s,2s,5s")
                .with("liveness.webhook.allowed-hosts", receiver.url()));
    }

    @AfterAll
    static void end() {
        try {
            assertThat(DRIVEN.missing(Contract.checkedIn()))
                    .as("operations that nothing here drives through the client")
                    .isEmpty();
        } finally {
            around.close();
            receiver.close();
        }
    }

    @Test
    void a_caller_manages_its_webhooks_and_reads_its_feed() throws Exception {
        WebhooksApi webhooks = new WebhooksApi(client(around.callers().accessToken(caller)));
        WebhookEndpointRequest wanted = new WebhookEndpointRequest()
                .url(URI.create(receiver.url() + "/a").toString());
        WebhookEndpoint created = webhooks.createWebhookEndpoint(wanted);
        UUID id = created.getId();
        receiver.verifyWith(webhooks.rotateWebhookSecret(id).getSecret());
        assertThat(webhooks.changeWebhookEndpoint(id, wanted.description("verdicts"))
                        .getDescription())
                .isEqualTo("verdicts");
        assertThat(webhooks.pauseWebhookEndpoint(id).getStatus()).isEqualTo(EndpointStatus.PAUSED);
        assertThat(webhooks.resumeWebhookEndpoint(id).getStatus()).isEqualTo(EndpointStatus.ACTIVE);

        Session session = sessions.openSession("key-1", order("pass"));
        sessions.checkSession(session.getId());
        Patience.await("the event in the feed", Duration.ofSeconds(20))
                .until(() -> !webhooks.listEvents(null, 10).getItems().isEmpty());
        CallerEvent event = webhooks.listEvents(null, 10).getItems().get(0);
        assertThat(event.getData().getSessionId()).isEqualTo(session.getId());
        assertThat(event.getData().getStatus()).isEqualTo("PASSED");
        Patience.await("the delivery", Duration.ofSeconds(20))
                .until(() -> webhooks.getWebhookDelivery(event.getId(), id).getStatus() == DeliveryStatus.DELIVERED);
        assertThat(receiver.accepted())
                .extracting(FlakyReceiver.Accepted::id)
                .contains(event.getId().toString());
        assertThat(receiver.unverified()).isEmpty();

        assertThat(webhooks.testWebhookEndpoint(id).getType()).isEqualTo("liveness.endpoint.test");
        assertThat(webhooks.replayWebhookDelivery(event.getId(), id).getStatus())
                .isEqualTo(DeliveryStatus.PENDING);
        assertThat(webhooks.listWebhookDeliveries(id, null, 10, null, null, null)
                        .getItems())
                .hasSize(2);
        WebhookReplay replay =
                webhooks.startWebhookReplay(id, new WebhookReplayRequest().failedSince(event.getTimestamp()));
        assertThat(webhooks.getWebhookReplay(id, replay.getId()).getFailedSince())
                .isEqualTo(event.getTimestamp());
        assertThat(webhooks.listWebhookEndpoints(null, null, 10, null, null).getItems())
                .extracting(WebhookEndpoint::getId)
                .containsExactly(id);
        assertThat(webhooks.getWebhookEndpoint(id).getSecret()).isNull();

        webhooks.deleteWebhookEndpoint(id);

        assertThat(refused(404, () -> webhooks.getWebhookEndpoint(id)).getCode())
                .isEqualTo("not-found");
    }

    @Test
    void a_caller_has_a_person_erased_and_an_operator_repeats_the_record() throws ApiException {
        ErasuresApi erasures = new ErasuresApi(client(around.callers().accessToken(caller)));
        String reference = "person-" + UUID.randomUUID();
        Session session = sessions.openSession("key-1", order("pass").reference(reference));
        sessions.checkSession(session.getId());

        Erasure started = erasures.startErasure("erase-1", new ErasureRequest().reference(reference));
        Patience.await("the erasure", Duration.ofSeconds(20))
                .until(() -> erasures.getErasure(started.getId()).getStatus() == ErasureStatus.DONE);

        Session erased = sessions.getSession(session.getId(), 0);
        assertThat(erased.getReference()).isNull();
        assertThat(erased.getErasedAt()).isNotNull();
        assertThat(erasures.listErasures(10, null).getItems())
                .extracting(Erasure::getSessionsErased)
                .containsExactly(1);

        ErasuresApi operations = new ErasuresApi(client(around.callers().accessToken("operations", "operator")));
        ErasureRecord record = operations.listErasureRecords(500, null, started.getRequestedAt()).getItems().stream()
                .filter(one -> one.getId().equals(started.getId()))
                .findFirst()
                .orElseThrow();
        RepeatedErasure repeated = operations.repeatErasureRecord(new RepeatedErasureRecord()
                .id(record.getId())
                .caller(record.getCaller())
                .requestedAt(record.getRequestedAt())
                .sessionIds(record.getSessionIds()));
        assertThat(record.getSessionIds()).containsExactly(session.getId());
        assertThat(repeated.getSessionsFound()).isEqualTo(1);
    }

    /** The example of docs/clients.md. */
    @Test
    void a_check_from_opening_to_verdict() throws ApiException, JsonProcessingException {
        String url = gateway.url();
        String accessToken = around.callers().accessToken(caller);
        String key = "order-4711";
        String returnUrl = "https://shop.example/done";
        String title = "sandbox:pass";

        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + accessToken));
        LivenessSessionsApi sessions = new LivenessSessionsApi(client);
        try {
            OpenSessionRequest order =
                    new OpenSessionRequest().returnUrl(returnUrl).title(title);
            Session opened = sessions.openSession(key, order);
            // Now send the person to opened.getCheckUrl().
            Session checked = sessions.getSession(opened.getId(), 30);
            System.out.println(checked.getStatus() + ", " + checked.getCharge().getStatus());
        } catch (ApiException e) {
            Problem problem = client.getObjectMapper().readValue(e.getResponseBody(), Problem.class);
            System.out.println(e.getCode() + ", " + problem.getCode() + ", " + problem.getRequestId());
        }

        assertThat(listed(filter -> filter))
                .singleElement()
                .extracting(Session::getStatus)
                .isEqualTo(SessionStatus.PASSED);
    }

    @Test
    void everything_that_can_be_asked_for_arrives() throws ApiException {
        OpenSessionRequest order = order("pass")
                .actionStyle(ActionStyle.CUSTOM)
                .actions(List.of(Action.BLINK_EYE, Action.NOD_HEAD))
                .actionMutex(false)
                .antiCameraHack(false)
                .reference("order-4711")
                .costCentre("marketing-eu")
                .metadata(Map.of("channel", "app"));

        Session opened = sessions.openSession("key", order);

        assertThat(opened.getStatus()).isEqualTo(SessionStatus.PENDING);
        assertThat(opened.getReturnUrl()).isEqualTo(order.getReturnUrl());
        assertThat(opened.getTitle()).isEqualTo(order.getTitle());
        assertThat(opened.getActionStyle()).isEqualTo(ActionStyle.CUSTOM);
        assertThat(opened.getActions()).containsExactly(Action.BLINK_EYE, Action.NOD_HEAD);
        assertThat(opened.getActionMutex()).isFalse();
        assertThat(opened.getAntiCameraHack()).isFalse();
        assertThat(opened.getReference()).isEqualTo("order-4711");
        assertThat(opened.getCostCentre()).isEqualTo("marketing-eu");
        assertThat(opened.getMetadata()).containsExactly(Map.entry("channel", "app"));
        assertThat(opened.getTokenExpiresAt()).isAfter(opened.getCreatedAt());
        assertThat(opened.getCheckUrl()).isNotNull();
    }

    @Test
    void the_same_key_is_answered_with_the_same_session() throws ApiException {
        ApiResponse<Session> first = sessions.openSessionWithHttpInfo("key", order("pass"));
        ApiResponse<Session> second = sessions.openSessionWithHttpInfo("key", order("pass"));

        assertThat(first.getStatusCode()).isEqualTo(201);
        assertThat(header(first, "Location"))
                .endsWith("/v1/liveness-sessions/" + first.getData().getId());
        assertThat(second.getStatusCode()).isEqualTo(200);
        assertThat(header(second, "Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.getData().getId()).isEqualTo(first.getData().getId());
    }

    @Test
    void a_session_is_looked_up_checked_and_read_with_its_history() throws ApiException {
        Session opened = sessions.openSession("key", order("pass"));

        Session found = sessions.lookupSession(new LookupRequest().token(opened.getToken()));
        Session checked = sessions.checkSession(opened.getId());
        Session read = sessions.getSession(opened.getId(), null);

        assertThat(found.getId()).isEqualTo(opened.getId());
        assertThat(checked.getStatus()).isEqualTo(SessionStatus.PASSED);
        assertThat(checked.getVerdict().getCode()).hasToString("200");
        assertThat(checked.getCharge().getStatus()).isEqualTo(ChargeStatus.CHARGED);
        assertThat(checked.getCharge().getAmount().getValue()).isEqualTo("0.80");
        assertThat(checked.getCharge().getTaskNo()).isNotEmpty();
        assertThat(checked.getToken()).isNull();
        assertThat(read).isEqualTo(checked);
        assertThat(events(opened).getItems())
                .extracting(SessionEvent::getType)
                .containsExactly(EventType.OPENING, EventType.OPENED, EventType.CHECKED, EventType.SETTLED);
    }

    @Test
    void a_read_waits_for_the_verdict() throws ApiException {
        Session opened = sessions.openSession("key", order("not-pass"));

        assertThat(sessions.getSession(opened.getId(), 30).getStatus()).isEqualTo(SessionStatus.NOT_PASSED);
    }

    @Test
    void sessions_are_listed_by_filter_and_by_page() throws ApiException {
        List<UUID> newestFirst = new ArrayList<>();
        for (String reference : List.of("a", "b", "c")) {
            Session opened = sessions.openSession(reference, order("abandon").reference(reference));
            newestFirst.add(0, opened.getId());
        }
        OffsetDateTime second = sessions.getSession(newestFirst.get(1), null).getCreatedAt();

        List<UUID> paged = new ArrayList<>();
        String token = null;
        do {
            SessionPage page = sessions.listSessions(APIListSessionsRequest.newBuilder()
                    .pageSize(2)
                    .pageToken(token)
                    .build());
            page.getItems().forEach(session -> paged.add(session.getId()));
            token = page.getNextPageToken();
        } while (token != null);

        assertThat(paged).isEqualTo(newestFirst);
        assertThat(listed(filter -> filter.createdFrom(second)))
                .extracting(Session::getReference)
                .containsExactly("c", "b");
        assertThat(listed(filter -> filter.createdTo(second)))
                .extracting(Session::getReference)
                .containsExactly("a");
        assertThat(listed(filter -> filter.reference("b").status(SessionStatus.PENDING)))
                .extracting(Session::getId)
                .containsExactly(newestFirst.get(1));
        assertThat(listed(filter -> filter.status(SessionStatus.PASSED))).isEmpty();
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
        assertThat(events(passed).getItems())
                .extracting(SessionEvent::getType)
                .endsWith(EventType.SETTLED, EventType.FACE_REDACTED);
        assertThat(sessions.listDataEvents(passed.getId(), null, null).getItems())
                .extracting(DataEvent::getType, DataEvent::getBy)
                .containsExactly(tuple("FACE_VIEWED", caller), tuple("FACE_REDACTED", caller));
        Files.delete(faceImage.toPath());
    }

    @Test
    void an_operator_follows_the_session_of_any_caller_and_sees_no_face() throws ApiException {
        Session opened = sessions.openSession("key", order("pass"));
        sessions.checkSession(opened.getId());
        LivenessSessionsApi operations = sessionsWith(around.callers().accessToken("operations", "operator"));

        Session seen = operations.getSession(opened.getId(), null);

        assertThat(seen.getCaller()).isEqualTo(caller);
        assertThat(operations
                        .listSessions(APIListSessionsRequest.newBuilder()
                                .caller(caller)
                                .build())
                        .getItems())
                .containsExactly(seen);
        assertThat(operations.listSessionEvents(opened.getId(), null, null)).isEqualTo(events(opened));
        assertThat(refused(403, () -> operations.getFaceImage(opened.getId())).getCode())
                .isEqualTo("forbidden");
    }

    @Test
    void finance_lists_the_charges_of_any_caller_by_filter_and_by_page() throws ApiException {
        Session charged = sessions.checkSession(sessions.openSession(
                        "charged", order("pass").reference("order-4711").costCentre("marketing-eu"))
                .getId());
        Session open = sessions.openSession("open", order("abandon"));
        ChargesApi finance = new ChargesApi(client(around.callers().accessToken("finance", "finance")));

        ChargePage first = finance.listCharges(
                APIListChargesRequest.newBuilder().caller(caller).pageSize(1).build());
        ChargePage second = finance.listCharges(APIListChargesRequest.newBuilder()
                .caller(caller)
                .pageSize(1)
                .pageToken(first.getNextPageToken())
                .build());

        assertThat(first.getItems()).extracting(Charge::getSessionId).containsExactly(open.getId());
        assertThat(second.getNextPageToken()).isNull();
        assertThat(second.getItems()).singleElement().satisfies(charge -> {
            assertThat(charge.getSessionId()).isEqualTo(charged.getId());
            assertThat(charge.getStatus()).isEqualTo(FeeStatus.CHARGED);
            assertThat(charge.getBasis()).isEqualTo(LedgerBasis.RULE);
            assertThat(charge.getAmount()).isEqualTo(charged.getCharge().getAmount());
            assertThat(charge.getTaskNo()).isEqualTo(charged.getCharge().getTaskNo());
            assertThat(charge.getSettledAt()).isEqualTo(charged.getCharge().getSettledAt());
            assertThat(charge.getReference()).isEqualTo("order-4711");
            assertThat(charge.getCostCentre()).isEqualTo("marketing-eu");
        });
        assertThat(finance.getChargeHistory(charged.getId()).getLedger())
                .extracting(LedgerEntry::getKind)
                .containsExactly(Movement.PRE_DEDUCT, Movement.CHARGE);
        assertThat(new ChargesApi(client(around.callers().accessToken(caller)))
                        .listCharges(APIListChargesRequest.newBuilder()
                                .status(FeeStatus.PRE_DEDUCTED)
                                .build())
                        .getItems())
                .isEqualTo(first.getItems());
    }

    @Test
    void finance_sums_charges_and_sets_what_a_caller_may_spend() throws ApiException {
        sessions.checkSession(sessions.openSession("charged", order("pass")).getId());
        sessions.openSession("open", order("abandon"));
        ApiClient admin = client(around.callers().accessToken("admin", "finance-admin"));
        ChargesApi charges = new ChargesApi(admin);
        BudgetsApi budgets = new BudgetsApi(admin);

        ChargeSummary summary = charges.summarizeCharges(APISummarizeChargesRequest.newBuilder()
                .groupBy("caller")
                .caller(caller)
                .timeZone("Europe/Berlin")
                .build());
        OpenFees open = charges.sumOpenFees(caller);
        Budget budget = budgets.setBudget(
                caller,
                new SetBudgetRequest()
                        .amount(new BudgetAmount().value("3.00").currency("CNY"))
                        .hardStop(true));

        assertThat(summary.getTimeZone()).isEqualTo("Europe/Berlin");
        assertThat(summary.getItems()).singleElement().satisfies(sums -> {
            assertThat(sums.getKey()).isEqualTo(caller);
            assertThat(sums.getPreDeducted().getCount()).isEqualTo(2);
            assertThat(sums.getCharged()).isEqualTo(sums.getOpen());
        });
        assertThat(open.getTotals())
                .singleElement()
                .extracting(OpenFeesOfAge::getOpen)
                .isEqualTo(summary.getItems().get(0).getOpen());
        assertThat(budget.getSpent().getValue())
                .isEqualTo(summary.getTotals().get(0).getPreDeducted().getAmount());
        assertThat(budget.getReached()).isEqualTo(50);
        assertThat(new BudgetsApi(client(around.callers().accessToken(caller))).getBudget(caller))
                .isEqualTo(budget);
        assertThat(budgets.listBudgets().getItems()).contains(budget);

        budgets.deleteBudget(caller);

        assertThat(refused(404, () -> budgets.getBudget(caller)).getCode()).isEqualTo("not-found");
    }

    @Test
    void finance_closes_a_month_recomputes_its_hash_and_finds_it_on_the_audit_list()
            throws ApiException, IOException, SQLException {
        Session old = sessions.checkSession(
                sessions.openSession("charged", order("pass")).getId());
        try (Connection database = around.database().connect();
                Statement statement = database.createStatement()) {
            statement.execute(
                    "update liveness_session set init_at = '2026-01-15T00:00:00Z' where id = '" + old.getId() + "'");
        }
        PeriodsApi periods = new PeriodsApi(client(around.callers().accessToken("closer", "finance-admin")));
        APIClosePeriodRequest closing = APIClosePeriodRequest.newBuilder()
                .month("2026-01")
                .idempotencyKey("close")
                .build();

        Period soft = periods.softClosePeriod(APISoftClosePeriodRequest.newBuilder()
                .month("2026-01")
                .idempotencyKey("soft")
                .build());
        Period closed = periods.closePeriod(closing);
        File proof = periods.getPeriodProof("2026-01");
        File archive = periods.getPeriodArchive("2026-01");
        Reconciliation reconciliation = periods.reconcilePeriod(
                APIReconcilePeriodRequest.newBuilder().month("2026-01").build());

        assertThat(soft.getChecklist()).isEmpty();
        assertThat(closed.getStatus()).isEqualTo(PeriodStatus.CLOSED);
        assertThat(periods.getPeriod("2026-01")).isEqualTo(closed);
        assertThat(periods.closePeriod(closing)).isEqualTo(closed);
        assertThat(periods.listPeriods().getItems())
                .extracting(Period::getMonth)
                .endsWith("2026-02", "2026-01");
        assertThat(Files.readString(proof.toPath()).lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains(old.getId().toString()));
        assertThat(archive).isNotEmpty();
        assertThat(reconciliation.getTotals())
                .singleElement()
                .extracting(ReconciliationSums::getDifference)
                .isEqualTo("0.80");
        assertThat(refused(
                                409,
                                () -> periods.closePeriod(APIClosePeriodRequest.newBuilder()
                                        .month("2026-03")
                                        .idempotencyKey("too-early")
                                        .build()))
                        .getReasons())
                .extracting(ProblemReason::getCode)
                .containsExactly("earlier-month-open");
        assertThat(new AuditApi(client(around.callers().accessToken("finance", "finance")))
                        .listAudit(
                                APIListAuditRequest.newBuilder().who("closer").build())
                        .getItems())
                .extracting(AuditEntry::getWhat)
                .containsExactly("exported", "exported", "period-closed", "period-soft-closed");
        Files.delete(proof.toPath());
        Files.delete(archive.toPath());
    }

    /** As a file over plain HTTP: the client takes JSON where there is any. */
    @Test
    void finance_exports_charges_and_is_on_the_audit_list() throws Exception {
        Session charged = sessions.checkSession(
                sessions.openSession("charged", order("pass")).getId());
        String exporter = "exporter-" + UUID.randomUUID();
        String token = around.callers().accessToken(exporter, "finance");

        HttpResponse<String> csv = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/charges?caller=" + caller))
                                .header("Authorization", "Bearer " + token)
                                .header("Accept", "text/csv")
                                .build(),
                        BodyHandlers.ofString());

        assertThat(csv.statusCode()).isEqualTo(200);
        assertThat(csv.body().lines()).hasSize(2).last().asString().startsWith(charged.getId() + "," + caller + ",");
        assertThat(new AuditApi(client(token))
                        .listAudit(
                                APIListAuditRequest.newBuilder().who(exporter).build())
                        .getItems())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.getWhat()).isEqualTo("exported");
                    assertThat(entry.getSubject()).isEqualTo("charges");
                    assertThat(entry.getDetail())
                            .containsEntry("caller", caller)
                            .containsEntry("type", "csv");
                });
    }

    @Test
    void finance_imports_a_statement_by_a_saved_mapping_and_withdraws_it() throws ApiException, IOException {
        StatementsApi statements = new StatementsApi(client(around.callers().accessToken("importer", "finance")));
        String name = "m-" + UUID.randomUUID();
        StatementMapping mapping = statements.getStatementMapping("default").getMapping();
        mapping.setStatusWords(Map.of("实扣", StatedStatus.CHARGED));

        statements.setStatementMapping(name, mapping);
        File template = statements.getStatementTemplate(name);
        String file = Files.readString(template.toPath());
        var preview = statements.previewStatement(APIPreviewStatementRequest.newBuilder()
                .body(file)
                .mapping(name)
                .guess(true)
                .build());
        var imported = statements.importStatement(APIImportStatementRequest.newBuilder()
                .body(file)
                .mapping(name)
                .from(OffsetDateTime.parse("2019-03-01T00:00:00Z"))
                .to(OffsetDateTime.parse("2019-03-02T00:00:00Z"))
                .build());
        var differences = statements.listStatementDifferences(APIListStatementDifferencesRequest.newBuilder()
                .id(imported.getId())
                .build());

        assertThat(preview.getGuessed().getColumns()).isEqualTo(mapping.getColumns());
        assertThat(preview.getItems())
                .singleElement()
                .extracting(StatementPreviewLine::getStatus)
                .isEqualTo(StatedStatus.CHARGED);
        assertThat(imported.getStatus()).isEqualTo(StatementStatus.DONE);
        assertThat(differences.getItems())
                .singleElement()
                .extracting(StatementDifference::getKind)
                .isEqualTo(MatchKind.MISSING_IN_LEDGER);
        assertThat(imported.getDifferences()).containsEntry("MISSING_IN_LEDGER", 1);
        assertThat(statements.getStatement(imported.getId())).isEqualTo(imported);
        assertThat(statements.listStatementMappings().getItems())
                .extracting(NamedStatementMapping::getName)
                .contains("default", name);

        var sums = statements.sumStatementDifferences(APISumStatementDifferencesRequest.newBuilder()
                .id(imported.getId())
                .state(DifferenceState.OPEN)
                .build());
        assertThat(sums.getCount()).isEqualTo(1);
        assertThat(sums.getItems())
                .singleElement()
                .extracting(DifferenceSum::getKind)
                .isEqualTo(MatchKind.MISSING_IN_LEDGER);
        UUID difference = differences.getItems().get(0).getId();
        var accepted = statements.acceptStatementDifference(APIAcceptStatementDifferenceRequest.newBuilder()
                .id(imported.getId())
                .differenceId(difference)
                .idempotencyKey("accept-" + name)
                .differenceReason(new DifferenceReason().reason("the bill is right"))
                .build());
        var open = statements.unacceptStatementDifference(APIUnacceptStatementDifferenceRequest.newBuilder()
                .id(imported.getId())
                .differenceId(difference)
                .idempotencyKey("unaccept-" + name)
                .differenceReason(new DifferenceReason().reason("it is not"))
                .build());
        assertThat(accepted.getState()).isEqualTo(DifferenceState.ACCEPTED);
        assertThat(accepted.getAcceptedBy()).isEqualTo("importer");
        assertThat(open.getState()).isEqualTo(DifferenceState.OPEN);
        var noted = statements.setStatementDifferenceNote(APISetStatementDifferenceNoteRequest.newBuilder()
                .id(imported.getId())
                .differenceId(difference)
                .differenceNote(new DifferenceNote().note("asked the vendor").assignee("fiona"))
                .build());
        var many = statements.acceptStatementDifferences(APIAcceptStatementDifferencesRequest.newBuilder()
                .id(imported.getId())
                .idempotencyKey("many-" + name)
                .acceptDifferencesRequest(
                        new AcceptDifferencesRequest().ids(List.of(difference)).reason("the bill is right after all"))
                .build());
        StatementsApi admin = new StatementsApi(client(around.callers().accessToken("confirmer", "finance-admin")));
        Problem confirmed = refused(
                409,
                () -> admin.confirmStatementDifference(APIConfirmStatementDifferenceRequest.newBuilder()
                        .id(imported.getId())
                        .differenceId(difference)
                        .idempotencyKey("confirm-" + name)
                        .build()));
        Problem none = refused(
                400,
                () -> statements.acceptFittingStatementDifferences(
                        APIAcceptFittingStatementDifferencesRequest.newBuilder()
                                .id(imported.getId())
                                .idempotencyKey("fitting-" + name)
                                .acceptFittingRequest(new AcceptFittingRequest()
                                        .count(1)
                                        .reason("it is accepted, so that none is open"))
                                .build()));
        Problem nothing = refused(
                400,
                () -> admin.confirmFittingStatementDifferences(APIConfirmFittingStatementDifferencesRequest.newBuilder()
                        .id(imported.getId())
                        .idempotencyKey("confirm-fitting-" + name)
                        .confirmFittingRequest(new ConfirmFittingRequest().count(1))
                        .build()));
        assertThat(List.of(none, nothing))
                .allSatisfy(other -> assertThat(other.getErrors())
                        .extracting(FieldError::getField)
                        .containsExactly("count"));
        assertThat(statements
                        .listAdjustments(APIListAdjustmentsRequest.newBuilder()
                                .statement(imported.getId())
                                .build())
                        .getItems())
                .hasSize(3);
        assertThat(noted.getAssignee()).isEqualTo("fiona");
        assertThat(many.getItems())
                .singleElement()
                .extracting(StatementDifference::getState)
                .isEqualTo(DifferenceState.ACCEPTED);
        assertThat(confirmed.getCode()).isEqualTo("difference-conflict");

        Problem matched = refused(
                409,
                () -> statements.matchStatementDifference(APIMatchStatementDifferenceRequest.newBuilder()
                        .id(imported.getId())
                        .differenceId(difference)
                        .idempotencyKey("match-" + name)
                        .matchDifferenceRequest(new MatchDifferenceRequest()
                                .sessionId(UUID.randomUUID())
                                .reason("the vendor wrote its old number"))
                        .build()));
        Problem unmatched = refused(
                409,
                () -> statements.unmatchStatementDifference(APIUnmatchStatementDifferenceRequest.newBuilder()
                        .id(imported.getId())
                        .differenceId(difference)
                        .idempotencyKey("unmatch-" + name)
                        .differenceReason(new DifferenceReason().reason("it was none"))
                        .build()));
        assertThat(matched.getReasons()).singleElement().extracting("code").isEqualTo("accepted-before");
        assertThat(unmatched.getReasons()).singleElement().extracting("code").isEqualTo("not-matched");

        var withdrawn =
                statements.withdrawStatement(imported.getId(), new WithdrawStatementRequest().reason("an example"));
        statements.deleteStatementMapping(name);

        assertThat(withdrawn.getStatus()).isEqualTo(StatementStatus.WITHDRAWN);
        assertThat(statements.listStatements((Integer) null, null).getItems()).contains(withdrawn);
        assertThat(refused(404, () -> statements.getStatementMapping(name)).getCode())
                .isEqualTo("not-found");
        Files.delete(template.toPath());
    }

    @Test
    void a_broken_rule_names_its_field() {
        Problem problem =
                refused(400, () -> sessions.openSession("key", order("pass").title("t".repeat(33))));

        assertThat(problem.getCode()).isEqualTo("invalid-request");
        assertThat(problem.getErrors()).extracting(FieldError::getField).containsExactly("title");
    }

    @Test
    void every_refusal_is_a_problem_that_the_client_reads() throws ApiException {
        Session opened = sessions.openSession("key", order("pass"));

        assertThat(refused(422, () -> sessions.openSession("key", order("fail")))
                        .getCode())
                .isEqualTo("idempotency-key-reused");
        assertThat(refused(404, () -> sessions("another").checkSession(opened.getId()))
                        .getCode())
                .isEqualTo("not-found");
        assertThat(refused(401, () -> sessionsWith("no token").getSession(opened.getId(), 0))
                        .getCode())
                .isEqualTo("unauthenticated");
    }

    @Test
    void whether_a_fee_was_taken_is_told_when_the_vendor_fails() throws ApiException {
        Problem busy = refused(503, () -> sessions.openSession("busy", order("code-609")));
        Problem refused = refused(502, () -> sessions.openSession("refused", order("code-601")));
        Problem lost = refused(504, () -> sessions.openSession("lost", order("drop-after-fee")));

        assertThat(busy.getVendorCode()).isEqualTo(609);
        assertThat(refused.getVendorCode()).isEqualTo(601);
        assertThat(charge(busy)).isEqualTo(ChargeStatus.NONE);
        assertThat(charge(refused)).isEqualTo(ChargeStatus.NONE);
        assertThat(charge(lost)).isEqualTo(ChargeStatus.UNCONFIRMED);
    }

    private List<Session> listed(UnaryOperator<APIListSessionsRequest.Builder> filter) throws ApiException {
        return sessions.listSessions(
                        filter.apply(APIListSessionsRequest.newBuilder()).build())
                .getItems();
    }

    private EventPage events(Session session) throws ApiException {
        return sessions.listSessionEvents(session.getId(), null, null);
    }

    private ChargeStatus charge(Problem problem) throws ApiException {
        return sessions.getSession(problem.getSessionId(), 0).getCharge().getStatus();
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

    private static String header(ApiResponse<?> response, String name) {
        return response.getHeaders().get(name).get(0);
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
        client.setRequestInterceptor(request -> {
            request.header("Authorization", "Bearer " + accessToken);
            DRIVEN.add(request.copy().build());
        });
        return client;
    }
}
