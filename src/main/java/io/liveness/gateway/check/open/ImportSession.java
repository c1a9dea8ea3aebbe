package io.liveness.gateway.check.open;

import io.liveness.gateway.books.Ledger;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.Prices;
import io.liveness.gateway.check.Sealing;
import io.liveness.gateway.check.SessionRow;
import io.liveness.gateway.check.open.OpenSession.Opened;
import io.liveness.gateway.check.schedule.Timetable;
import io.liveness.gateway.platform.postgres.Database;
import io.liveness.gateway.platform.postgres.Database.Connections;
import io.liveness.gateway.platform.postgres.Records;
import io.liveness.gateway.platform.postgres.SqlValues;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.LivenessVendor;
import io.smallrye.mutiny.Uni;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Imports a session that another integration has opened: stored in one statement with its pre-deduction as if its init had just been
 * answered, it is polled and settled as any other. Its id has the time when it was opened, by which sessions are written off and listed. No
 * limit of opens applies, since its fee is taken already.
 */
@Singleton
public class ImportSession {

    private static final Logger LOG = Logger.getLogger(ImportSession.class);

    // The clock of the other integration may be ahead of ours.
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private static final Duration LATER = Duration.ofSeconds(5);

    private record ImportedIntent(
            UUID id,
            String caller,
            String idempotencyKey,
            byte[] keyHash,
            byte[] requestHash,
            OpenSessionRequest init,
            Instant openedAt,
            Instant endsAt,
            String taskNo,
            byte[] tokenSealed,
            byte[] tokenHash,
            Optional<byte[]> checkUrlSealed,
            Money fee,
            Instant finalPollsFrom,
            Instant importedAt,
            UUID event) {}

    private static final Records<ImportedIntent> GIVEN = StoreIntent.withRequest(
                    new Records<ImportedIntent>(), ImportedIntent::init)
            .with("id", "uuid", ImportedIntent::id)
            .with("caller", "text", ImportedIntent::caller)
            .with("idempotency_key", "text", ImportedIntent::idempotencyKey)
            .with("key_hash", "bytea", ImportedIntent::keyHash)
            .with("request_hash", "bytea", ImportedIntent::requestHash)
            .with("init_at", "timestamptz", ImportedIntent::openedAt)
            .with("token_expires_at", "timestamptz", ImportedIntent::endsAt)
            .with("task_no", "text", ImportedIntent::taskNo)
            .with("token_sealed", "bytea", ImportedIntent::tokenSealed)
            .with("token_hash", "bytea", ImportedIntent::tokenHash)
            .with("check_url_sealed", "bytea", ImportedIntent::checkUrlSealed)
            .with("fee_amount", "int8", given -> given.fee().units())
            .with("fee_currency", "text", given -> given.fee().currency())
            .with("final_polls_from", "timestamptz", ImportedIntent::finalPollsFrom)
            .with("imported_at", "timestamptz", ImportedIntent::importedAt)
            .with("event_id", "uuid", ImportedIntent::event);

    /** $1 what is given. Its first poll is due at once: it may have its verdict, and its token may end soon. */
    private static final String IMPORT = """
            with given as (
                select * from
            """ + GIVEN.fromOne("$1", "g") + """
            ), refused as (
                -- Answers a code of Refusal or null. Locks the token and the task number to the end of the transaction, and shares the
                -- locks BILLS and MONTHS: where one of these is taken it does not wait, but answers FINANCE_AT_WORK.
                select import_refused(token_hash, task_no, init_at) as refusal from given
            ), imported as (
                insert into liveness_session (
            """ + StoreIntent.OF_REQUEST + """
                    , status, charge_status, attempt, created_at, updated_at,
                    init_at, token_expires_at, task_no, token_sealed, token_hash, check_url_sealed, fee_amount, fee_currency)
                select
            """
            + StoreIntent.OF_REQUEST + """
                    , 'PENDING', 'PRE_DEDUCTED', 1, init_at, imported_at,
                    init_at, token_expires_at, task_no, token_sealed, token_hash, check_url_sealed, fee_amount, fee_currency
                from given g cross join refused
                where refusal is null and not exists (select from liveness_session s where s.caller = g.caller and s.key_hash = g.key_hash)
                on conflict on constraint one_session_per_key do nothing
                returning *
            ), scheduled as (
                insert into session_schedule (
                    caller, session_id, status, attempt, init_at, token_sealed, token_expires_at, final_polls_from, next_poll_at)
                select i.caller, i.id, 'PENDING', 1, i.init_at, i.token_sealed, i.token_expires_at, g.final_polls_from, g.imported_at
                from imported i cross join given g
            ), token as (
                insert into session_token (token_hash, session_id) select token_hash, id from imported
            ), movement as (
                select id as session_id, 'PRE_DEDUCT' as kind, task_no, 'IMPORTED' as basis, fee_amount as amount,
                       fee_currency as currency, updated_at as recorded_at, caller, cost_centre, init_at
                from imported
            ), entry as (
            """ + Ledger.preDeductionsFrom("movement") + """
            ), event as (
                insert into session_event (id, session_id, type, at, detail)
                select g.event_id, i.id, 'OPENED', i.updated_at,
                    jsonb_build_object('taskNo', i.task_no, 'charge', i.charge_status, 'imported', true)
                from imported i cross join given g
            )
            select refusal,
            """
            + SessionRow.COLUMNS + "from refused left join imported on true";

    private final Database database;
    private final Sealing sealing;
    private final Prices prices;
    private final Timetable timetable;
    private final LivenessVendor vendor;
    private final StoreIntent intents;
    private final Clock clock;

    ImportSession(
            Database database,
            Sealing sealing,
            Prices prices,
            Timetable timetable,
            LivenessVendor vendor,
            StoreIntent intents,
            Clock clock) {
        this.database = database;
        this.sealing = sealing;
        this.prices = prices;
        this.timetable = timetable;
        this.vendor = vendor;
        this.intents = intents;
        this.clock = clock;
    }

    /** Why it is not imported. All but the last are codes of the database's {@code import_refused}. */
    enum Refusal {
        FINANCE_AT_WORK,
        TOKEN_KNOWN,
        TASK_NO_KNOWN,
        BILL_COMPARED,
        MONTH_CLOSED,
        TOKEN_ENDED
    }

    /** Where there is neither a refusal nor a session, its key decides. */
    private record ImportAnswer(Optional<Refusal> refusal, Optional<SessionRow> session) {

        static ImportAnswer of(Row row) {
            return new ImportAnswer(
                    Optional.ofNullable(row.getString("refusal")).map(Refusal::valueOf),
                    row.getUUID("id") == null ? Optional.empty() : Optional.of(SessionRow.of(row)));
        }
    }

    public Uni<Opened> importSession(Caller caller, String idempotencyKey, ImportSessionRequest given) {
        ImportSessionRequest request = given.withDefaults();
        Instant openedAt = Parameters.time("openedAt", request.openedAt());
        Instant now = clock.instant();
        if (openedAt.isAfter(now.plus(CLOCKS_DIFFER))) {
            throw ProblemException.invalid("openedAt", "must not be in the future");
        }
        byte[] hash = request.hash();
        Uni<ImportAnswer> stored = now.isBefore(openedAt.plus(vendor.tokenLifetime()))
                ? store(caller, idempotencyKey, request, hash, openedAt, now)
                : Uni.createFrom().item(new ImportAnswer(Optional.of(Refusal.TOKEN_ENDED), Optional.empty()));
        return stored.chain(answer -> answer.session()
                .map(session -> Uni.createFrom().item(new Opened(session, false)))
                .orElseGet(() -> known(caller, idempotencyKey, hash, answer.refusal())));
    }

    private Uni<ImportAnswer> store(
            Caller caller, String key, ImportSessionRequest request, byte[] hash, Instant openedAt, Instant now) {
        UUID id = SqlValues.newId(openedAt);
        Instant endsAt = (openedAt.isBefore(now) ? openedAt : now).plus(vendor.tokenLifetime());
        ImportedIntent given = new ImportedIntent(
                id,
                caller.name(),
                key,
                sealing.keyHash(caller.name(), key),
                hash,
                request.init(),
                openedAt,
                endsAt,
                request.taskNo(),
                sealing.seal(id, Sealing.Column.TOKEN, request.confidentialToken()),
                sealing.tokenHash(request.confidentialToken()),
                request.confidentialCheckUrl().map(url -> sealing.seal(id, Sealing.Column.CHECK_URL, url)),
                prices.at(openedAt),
                endsAt.minus(timetable.finalPollsBegin()),
                now,
                SqlValues.newId(now));
        return database.execute(
                        Connections.SHARED,
                        IMPORT,
                        Tuple.of(GIVEN.of(given)),
                        rows -> ImportAnswer.of(rows.iterator().next()))
                .invoke(answer -> answer.session()
                        .ifPresent(session -> LOG.infof(
                                "session.imported sessionId=%s caller=%s openedAt=%s", id, caller.name(), openedAt)));
    }

    /** Answers a request that stored nothing: by its key when that is known, also after the token's end, else with the refusal. */
    private Uni<Opened> known(Caller caller, String key, byte[] hash, Optional<Refusal> refusal) {
        return intents.byKey(caller, key).map(found -> {
            // A missing refusal means that another request with the key was under way.
            StoreIntent.KnownKey known = found.orElseThrow(
                    () -> refusal.map(ImportSession::notImported).orElseGet(OpenSession::inFlight));
            return new Opened(known.checkedFor(hash).session(), true);
        });
    }

    private static ProblemException notImported(Refusal refusal) {
        return switch (refusal) {
            case TOKEN_KNOWN ->
                new ProblemException(
                        ProblemCode.TOKEN_KNOWN, "Nothing was imported: the session is opened or imported already.");
            case TASK_NO_KNOWN ->
                new ProblemException(
                        ProblemCode.TASK_NO_KNOWN,
                        "Nothing was imported: the fee of this taskNo is booked already, with another token. Send the taskNo that init"
                                + " answered together with this token.");
            case MONTH_CLOSED ->
                new ProblemException(
                        ProblemCode.PERIOD_CLOSED,
                        "Nothing was imported: the month of openedAt is closed and takes no further fee. Ask the vendor for the verdict yourself.");
            case BILL_COMPARED ->
                new ProblemException(
                        ProblemCode.BILL_COMPARED,
                        "Nothing was imported: a bill that covers openedAt is imported, and has counted the fee as missing. Ask finance to"
                                + " withdraw it, import the session, and let finance import the bill again.");
            case FINANCE_AT_WORK ->
                new ProblemException(
                                ProblemCode.UNAVAILABLE,
                                "A month is being closed, or a bill matched: send the same request again after Retry-After seconds.")
                        .retryAfter(LATER);
            case TOKEN_ENDED ->
                ProblemException.invalid(
                        "openedAt", "is so long ago that the token has ended: there is no verdict left to ask for");
        };
    }
}
