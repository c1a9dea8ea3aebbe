package io.liveness.gateway.bill;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of work on differences begin with and leave nothing of: fees of a past day, and who works on its bills. */
abstract class BilledTest {

    static final String HEADER = Work.HEADER;
    static final Instant NOON = Books.BEGIN.plus(Duration.ofHours(12));

    final Work finance = new Work(Api.as("finance-" + UUID.randomUUID(), "finance"));

    @Inject
    Stored stored;

    Books books;

    @BeforeEach
    void begin() {
        books = new Books(stored);
    }

    @AfterEach
    void remove() throws SQLException {
        Work.remove(stored);
    }
}
