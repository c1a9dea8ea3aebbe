package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.liveness.gateway.check.Sessions;
import io.liveness.gateway.check.settle.Ticks;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.LivenessVendor;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions that another integration opened at the vendor. */
@QuarkusTest
class ImportSessionTest {

    private static final String BUDGETS = "/v1/budgets/";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Instant openedAt = Instant.now().minus(30, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MILLIS);
    private final Api shop = Api.as("shop-" + UUID.randomUUID(), "liveness+importer");
    private final Api admin = Api.as("admin-" + UUID.randomUUID(), "finance-admin");

    @Inject
    LivenessVendor vendor;

    @Inject
    StoreIntent intent;

    @Inject
    RecordInitOutcome recordOutcome;

    @Inject
    Stored stored;

    @Inject
    DataSource database;

    @Inject
    Ticks ticks;

    @Test
    void an_imported_session_is_polled_and_charged_as_any_other() {
        OpenOutcome.Accepted theirs = openedElsewhere("pass");

        Response answer = shop.importSession(
                "order-1", request(theirs).put("checkUrl", theirs.checkUrl().value()));

        String id = answer.then().statusCode(201).extract().path("id");
        assertThat(answer.header("Location")).endsWith(Api.SESSIONS + "/" + id);
        assertThat(answer.<Map<String, Object>>path(""))
                .containsEntry("status", "PENDING")
                .containsEntry("token", theirs.token().value())
                .containsEntry("checkUrl", theirs.checkUrl().value())
                .containsEntry("reference", "order-1");
        assertThat(Instant.parse(answer.path("tokenExpiresAt"))).isEqualTo(openedAt.plus(Duration.ofHours(2)));
        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/IMPORTED");
        assertThat(stored.count(
                        "select count(*) from session_schedule where session_id = ? and next_poll_at <= now()",
                        UUID.fromString(id)))
                .as("it is polled at once")
                .isOne();
        shop.request()
                .contentType(ContentType.JSON)
                .body(new JsonObject().put("token", theirs.token().value()).encode())
                .post(Api.SESSIONS + "/lookup")
                .then()
                .statusCode(200)
                .body("id", equalTo(id));

        shop.check(id).then().statusCode(200).body("status", equalTo("PASSED"));

        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/IMPORTED", "CHARGE/RULE");
        assertThat(stored.strings(
                        "select init_at = ?::timestamptz from ledger_entry where session_id = ?",
                        openedAt.toString(),
                        UUID.fromString(id)))
                .as("the fee counts when it was taken")
                .containsOnly("t");
        assertThat(shop.request()
                        .get(Api.SESSIONS + "/" + id + "/events")
                        .then()
                        .body("items[0].type", equalTo("OPENED"))
                        .body("items[0].detail.imported", equalTo(true))
                        .extract()
                        .<String>path("items[0].detail.taskNo"))
                .isEqualTo(theirs.taskNo().orElseThrow());
    }

    @Test
    void its_id_has_the_time_when_it_was_opened_by_which_it_is_written_off() {
        String id = shop.importSession("order-1", request(openedElsewhere("pass")))
                .then()
                .statusCode(201)
                .body("createdAt", equalTo(JsonTime.text(openedAt)))
                .extract()
                .path("id");

        assertThat(Sessions.firstIdAt(openedAt).toString().substring(0, 13)).isEqualTo(id.substring(0, 13));
    }

    @Test
    void a_repeated_import_is_answered_with_its_session() {
        OpenOutcome.Accepted theirs = openedElsewhere("pass");
        JsonObject first = request(theirs);
        String id = shop.importSession("order-1", first)
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        shop.importSession("order-1", first)
                .then()
                .statusCode(200)
                .header("Idempotency-Replayed", "true")
                .body("id", equalTo(id))
                .body("checkUrl", nullValue());
        shop.importSession("order-1", first.copy().put("taskNo", "another"))
                .then()
                .statusCode(422)
                .body("code", equalTo("idempotency-key-reused"));
        shop.open("order-1", Api.scenario("pass")).then().statusCode(422);
        assertThat(stored.ledger(id)).hasSize(1);
    }

    @Test
    void of_six_imports_of_a_token_at_once_one_books_its_fee() {
        JsonObject request = request(openedElsewhere("pass"));

        List<Response> answers =
                Api.atOnce(6, () -> shop.importSession(UUID.randomUUID().toString(), request));

        assertThat(answers).extracting(Response::statusCode).containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
        assertThat(answers)
                .filteredOn(answer -> answer.statusCode() == 409)
                .extracting(answer -> answer.<String>path("code"))
                .containsOnly("token-known");
        assertThat(stored.count("select count(*) from ledger_entry where task_no = ?", request.getString("taskNo")))
                .isOne();
    }

    @ParameterizedTest(name = "of one {0}")
    @CsvSource({"token, token-known", "taskNo, task-no-known"})
    void an_import_waits_for_an_earlier_one(String of, String code) throws SQLException {
        JsonObject first = request(openedElsewhere("pass"));
        JsonObject second = request(openedElsewhere("pass")).put(of, first.getString(of));
        Api other = Api.as("shop-" + UUID.randomUUID(), "liveness+importer");
        CompletableFuture<Response> earlier;
        CompletableFuture<Response> later;
        try (Connection holding = database.getConnection()) {
            holding.setAutoCommit(false);
            // The earlier one has passed its checks, and waits for the caller's key.
            keyTaken(holding, "key");
            earlier = CompletableFuture.supplyAsync(() -> shop.importSession("key", first));
            Patience.await("the earlier import", SOON).until(() -> waiting("transactionid") > 0);
            later = CompletableFuture.supplyAsync(() -> other.importSession("key", second));
            Patience.await("the later import", SOON).until(() -> waiting("advisory") > 0 || later.isDone());
            holding.rollback();
        }

        earlier.join().then().statusCode(201);
        later.join().then().statusCode(409).body("code", equalTo(code));
    }

    private void keyTaken(Connection connection, String key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                insert into liveness_session (id, caller, idempotency_key, request_hash, return_url, action_style, actions, action_mutex,
                    anti_camera_hack, status, charge_status, attempt, init_at, created_at, updated_at)
                values (gen_random_uuid(), ?, ?, '', '', '', '', true, true, 'OPENING', 'NONE', 1, now(), now(), now())""")) {
            insert.setString(1, shop.caller());
            insert.setString(2, key);
            insert.executeUpdate();
        }
    }

    private long waiting(String locktype) {
        return stored.count("select count(*) from pg_locks where locktype = ? and not granted", locktype);
    }

    @Test
    void no_second_fee_is_imported_of_a_task_number() {
        Response owners = Api.asNewCaller().open("pass");
        JsonObject imported = request(openedElsewhere("pass"));
        shop.importSession("order-1", imported).then().statusCode(201);

        for (String known : List.of(taskNo(owners.path("id")), imported.getString("taskNo"))) {
            shop.importSession("order-2", request(openedElsewhere("pass")).put("taskNo", known))
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("task-no-known"))
                    .body("detail", containsString("taskNo"));
            assertThat(stored.count("select count(*) from ledger_entry where task_no = ?", known))
                    .isOne();
        }
    }

    @Test
    void an_open_whose_answer_names_a_number_that_is_being_imported_takes_no_second_fee() throws SQLException {
        OpenOutcome.Accepted theirs = openedElsewhere("pass");
        JsonObject imported = withNumberOf(theirs);
        Opening opening = stored("order-1");
        CompletableFuture<Response> importing;
        CompletableFuture<RecordInitOutcome.Recorded> recorded;
        try (Connection holding = database.getConnection()) {
            holding.setAutoCommit(false);
            keyTaken(holding, "key");
            importing = CompletableFuture.supplyAsync(() -> shop.importSession("key", imported));
            Patience.await("the import, past its checks", SOON).until(() -> waiting("transactionid") > 0);
            recorded = record(opening, theirs);
            Patience.await("the record", SOON).until(() -> waiting("advisory") > 0 || recorded.isDone());
            holding.rollback();
        }

        importing.join().then().statusCode(201);
        assertThat(recorded.join().done()).isTrue();
        assertThat(basisOf(imported.getString("taskNo"))).containsExactly("IMPORTED");
        String id = opening.id().toString();
        assertThat(shop.check(id).<Map<String, Object>>path(""))
                .as("its verdict is not lost")
                .containsEntry("status", "PASSED")
                .hasEntrySatisfying(
                        "charge",
                        charge -> assertThat(charge)
                                .asInstanceOf(InstanceOfAssertFactories.MAP)
                                .containsEntry("status", "NONE"));
        assertThat(stored.ledger(id)).isEmpty();
    }

    @Test
    void an_import_waits_for_an_open_whose_answer_names_its_number() throws SQLException {
        OpenOutcome.Accepted theirs = openedElsewhere("pass");
        JsonObject imported = withNumberOf(theirs);
        Opening opening = stored("order-1");
        CompletableFuture<RecordInitOutcome.Recorded> recorded;
        CompletableFuture<Response> importing;
        try (Connection holding = database.getConnection();
                Statement row = holding.createStatement()) {
            holding.setAutoCommit(false);
            row.execute("select from liveness_session where id = '" + opening.id() + "' for update");
            recorded = record(opening, theirs);
            Patience.await("the record", SOON).until(() -> waiting("transactionid") > 0);
            importing = CompletableFuture.supplyAsync(() -> shop.importSession("key", imported));
            Patience.await("the import", SOON).until(() -> waiting("advisory") > 0 || importing.isDone());
            holding.rollback();
        }

        assertThat(recorded.join().done()).isTrue();
        importing.join().then().statusCode(409).body("code", equalTo("task-no-known"));
        assertThat(basisOf(imported.getString("taskNo"))).containsExactly("VENDOR");
    }

    @Test
    void a_lost_answer_whose_number_was_imported_presumes_a_fee_for_a_moment_alone() {
        JsonObject imported = request(openedElsewhere("abandon"));
        shop.importSession("key", imported).then().statusCode(201);
        Opening opening = stored("order-1");

        record(opening, new OpenOutcome.Unknown(Optional.of(610), "lost", Optional.of(imported.getString("taskNo"))))
                .join();

        ticks.tick();
        assertThat(stored.ledger(opening.id().toString())).containsExactly("PRE_DEDUCT/PRESUMED", "REFUND/PRESUMED");
        assertThat(basisOf(imported.getString("taskNo"))).containsExactly("IMPORTED");
    }

    private JsonObject withNumberOf(OpenOutcome.Accepted theirs) {
        return request(openedElsewhere("abandon")).put("taskNo", theirs.taskNo().orElseThrow());
    }

    private Opening stored(String key) {
        OpenSessionRequest request = new JsonObject(Api.scenario("pass"))
                .mapTo(OpenSessionRequest.class)
                .withDefaults();
        Instant now = Instant.now();
        Opening opening = new Opening(
                SqlValues.newId(now),
                new Caller(shop.caller()),
                key,
                request,
                request.hash(),
                1,
                now,
                now.plus(SOON),
                UUID.randomUUID());
        assertThat(intent.store(opening).await().atMost(SOON)).isEqualTo(StoreIntent.Stored.STORED);
        return opening;
    }

    private CompletableFuture<RecordInitOutcome.Recorded> record(Opening opening, OpenOutcome outcome) {
        return recordOutcome
                .record(SOON, opening.id(), opening.attempt(), opening.startedAt(), outcome)
                .subscribeAsCompletionStage();
    }

    private List<String> basisOf(String taskNo) {
        return stored.strings("select basis from ledger_entry where kind = 'PRE_DEDUCT' and task_no = ?", taskNo);
    }

    private String taskNo(String session) {
        return stored.strings("select task_no from liveness_session where id = ?", UUID.fromString(session))
                .get(0);
    }

    @Test
    void none_is_imported_that_a_bill_has_missed() throws SQLException {
        JsonObject request = request(openedElsewhere("pass"));
        String bill = UUID.randomUUID().toString();
        stored.execute("""
                insert into statement (id, status, dry_run, sha256, mapping, definition, definition_hash, currency, period_from, period_to,
                    imported_by, imported_at, worked_at)
                values ('%1$s', 'DONE', false, sha256('%1$s'), 'default', '{}', sha256(''), 'CNY', now() - interval '1 day', now(),
                    'finance', now(), now())""".formatted(bill));
        try {
            shop.importSession("key", request).then().statusCode(409).body("code", equalTo("bill-compared"));
        } finally {
            stored.execute("delete from statement where id = '" + bill + "'");
        }

        shop.importSession("key", request).then().statusCode(201);
    }

    @Test
    void a_session_that_the_gateway_has_opened_is_not_imported_by_another_caller() {
        Response owners = Api.asNewCaller().open("pass");

        shop.importSession("key", Api.openedElsewhere(openedAt).put("token", owners.<String>path("token")))
                .then()
                .statusCode(409)
                .body("code", equalTo("token-known"));
    }

    @Test
    void its_fee_counts_in_the_budget_however_late_it_comes() throws SQLException {
        budget();
        shop.importSession("order-1", request(openedElsewhere("abandon")))
                .then()
                .statusCode(201);
        assertThat(spent()).isEqualTo("0.80");
        shop.open("pass").then().statusCode(429).body("code", equalTo("budget-exhausted"));

        summedUntil("1 hour");
        assertThat(summed()).as("of ten minutes ago").containsExactly("0");
        assertThat(spent()).isEqualTo("0.80");

        stored.unguarded(
                "update ledger_entry set recorded_at = recorded_at - interval '20 minutes' where caller = ?",
                shop.caller());
        summedUntil("25 minutes");
        assertThat(summed()).containsExactly("800000");
        assertThat(spent()).isEqualTo("0.80");
        admin.request().delete(BUDGETS + shop.caller());
    }

    /** Moves the sum of its budget on, as if it had last been moved on that long ago. */
    private void summedUntil(String ago) throws SQLException {
        stored.execute(
                "update caller_spent set upto = liveness_now() - ?::interval, spent = 0 where caller = ?",
                ago,
                shop.caller());
        budget();
    }

    private List<String> summed() {
        return stored.strings(
                "select spent from caller_spent where caller = ? and upto > liveness_now() - interval '12 minutes'",
                shop.caller());
    }

    private String spent() {
        return admin.request().get(BUDGETS + shop.caller()).path("spent.value");
    }

    private void budget() {
        admin.request()
                .contentType(ContentType.JSON)
                .body("{\"amount\":{\"value\":\"0.80\",\"currency\":\"CNY\"},\"hardStop\":true}")
                .put(BUDGETS + shop.caller())
                .then()
                .statusCode(200);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        {"openedAt": "yesterday"}            | openedAt
        {"openedAt": "2020-01-01T00:00:00Z"} | openedAt
        {"openedAt": "2100-01-01T00:00:00Z"} | openedAt
        {"openedAt": null}                   | openedAt
        {"token": ""}                        | token
        {"token": null}                      | token
        {"token": "abc\\n"}                   | token
        {"token": "活体"}                      | token
        {"taskNo": "not a number"}           | taskNo
        {"checkUrl": "javascript:alert(1)"}  | checkUrl
        {"checkUrl": "https://a/ b"}         | checkUrl
        {"checkUrl": "https://a/\\u0000"}     | checkUrl
        {"init": null}                       | init
        {"init": {"returnUrl": "nowhere"}}   | init.returnUrl
        {"fee": "0.80"}                      | fee
        """)
    void a_bad_request_names_its_field(String change, String field) {
        JsonObject request = Api.openedElsewhere(openedAt).mergeIn(new JsonObject(change));

        shop.importSession("key", request).then().statusCode(400).body("errors[0].field", equalTo(field));

        assertThat(stored.count("select count(*) from liveness_session where caller = ?", shop.caller()))
                .isZero();
    }

    private OpenOutcome.Accepted openedElsewhere(String scenario) {
        return (OpenOutcome.Accepted) vendor.open(new InitParameters(
                        new ReturnUrl("https://shop.example/done"),
                        ActionStyle.HEAD_AND_FACE,
                        List.of(),
                        true,
                        true,
                        Optional.of("sandbox:" + scenario)))
                .await()
                .atMost(Duration.ofSeconds(10));
    }

    private JsonObject request(OpenOutcome.Accepted theirs) {
        JsonObject request = Api.openedElsewhere(openedAt)
                .put("token", theirs.token().value())
                .put("taskNo", theirs.taskNo().orElseThrow());
        request.getJsonObject("init").put("reference", "order-1");
        return request;
    }
}
