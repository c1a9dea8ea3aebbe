package io.liveness.gateway.bill.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.bill.StatementView;
import io.liveness.gateway.bill.importing.ReceiveFile.SentFile;
import io.liveness.gateway.bill.match.MatchStatement.ImportOrder;
import io.liveness.gateway.bill.read.BillWorkbook;
import io.liveness.gateway.bill.read.Mapping;
import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.StoreMappings.NamedMapping;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.testsupport.LogRecorder;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Stored;
import io.liveness.gateway.testsupport.browser.ConsoleWords;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told of an import that failed by a fault of the service, also when nobody waits for it any more. */
@QuarkusTest
class FailedImportTest {

    private static final ProblemException UNUSABLE = ProblemException.invalid("line 3", "csv-broken", "is not CSV");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    ImportStatement imports;

    @Inject
    Batch batch;

    @ConfigProperty(name = "quarkus.datasource.batch.jdbc.max-size")
    int connections;

    @Inject
    Stored stored;

    @AfterEach
    void remove() throws SQLException {
        stored.execute("delete from statement");
    }

    static Stream<Throwable> faults() {
        return Stream.of(new NullPointerException(), new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void a_fault_is_logged_with_its_stack_trace_and_the_statement_has_failed(Throwable fault) throws SQLException {
        SentFile file = new SentFile(
                new ByteArrayInputStream("taskNo,time,amount\n1,2,3\n".getBytes(StandardCharsets.UTF_8)), false);
        ImportOrder order = order(fault);
        try (LogRecorder log = LogRecorder.start()) {
            assertThatThrownBy(() -> imports.run(new Caller("finance"), file, order))
                    .isNotNull();

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("statement.failed id="))
                    .singleElement()
                    .asString()
                    .contains(fault.getClass().getName(), "\tat ");
        }
        assertThat(stored.strings("select status || ' ' || (problem -> 0 ->> 'code') from statement"))
                .containsExactly("FAILED import-interrupted");
    }

    @Test
    void what_is_stored_of_a_failure_is_why_and_the_console_can_say_it() {
        ProblemException busy = new ProblemException(ProblemCode.BUSY, "Another workbook is being read.");

        assertThat(ImportStatement.why(UNUSABLE, false)).isEqualTo(UNUSABLE.errors());
        assertThat(ImportStatement.why(busy, true)).isEqualTo(StatementView.WAITED_TOO_LONG);
        assertThat(ImportStatement.why(busy, false)).isEqualTo(StatementView.BROKEN_OFF);
        assertThat(ImportStatement.why(new OutOfMemoryError(), false)).isEqualTo(StatementView.BROKEN_OFF);
        assertThat(Stream.of(StatementView.WAITED_TOO_LONG, StatementView.BROKEN_OFF)
                        .flatMap(List::stream)
                        .map(FieldError::code))
                .allMatch(code -> ConsoleWords.has("error." + code));
    }

    @Test
    void an_import_without_a_connection_is_not_told_of_other_files() throws Exception {
        SentFile file = new SentFile(new ByteArrayInputStream("PK".getBytes(StandardCharsets.UTF_8)), true);
        CountDownLatch held = new CountDownLatch(connections);
        CountDownLatch failed = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (LogRecorder log = LogRecorder.start()) {
            Future<?> waits;
            try (BillWorkbook.WorkbookPlace other = BillWorkbook.place(PATIENCE)) {
                waits = threads.submit(() -> imports.run(new Caller("finance"), file, order(new Error())));
                Patience.await("it to wait", PATIENCE)
                        .until(() -> stored.count("select count(*) from statement where worked_at > imported_at") == 1);
                for (int i = 0; i < connections; i++) {
                    threads.submit(() -> batch.read(connection -> {
                        held.countDown();
                        return await(failed);
                    }));
                }
                assertThat(await(held)).isTrue();
            }
            Patience.await("its failure", PATIENCE)
                    .until(() -> log.lines().stream().anyMatch(line -> line.contains("statement.failed id=")));
            failed.countDown();

            assertThatThrownBy(waits::get)
                    .hasRootCauseInstanceOf(ProblemException.class)
                    .hasRootCauseMessage("All connections for finance and jobs are in use. Try again.");
        } finally {
            failed.countDown();
            threads.shutdown();
        }
        assertThat(stored.strings("select status || ' ' || (problem -> 0 ->> 'code') from statement"))
                .containsExactly("FAILED import-interrupted");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The order has a mapping whose words cannot be read. */
    private static ImportOrder order(Throwable fault) {
        List<String> words = new AbstractList<>() {
            @Override
            public String get(int index) {
                throw FailedImportTest.<RuntimeException>as(fault);
            }

            @Override
            public int size() {
                return 1;
            }
        };
        Mapping mapping = new Mapping(
                new Columns("taskNo", null, "time", null, "amount", null, null, null),
                List.of("yyyy-MM-dd"),
                "Asia/Shanghai",
                Map.of(),
                "CNY",
                Sign.POSITIVE,
                words,
                StatedStatus.CHARGED,
                null);
        return new ImportOrder(
                new NamedMapping("broken", mapping, null, null, "{}", new byte[32]),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Actor("finance", Optional.empty()),
                false);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T as(Throwable fault) throws T {
        throw (T) fault;
    }
}
