package io.liveness.gateway.statement.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ReceiveFileTest {

    @Inject
    ReceiveFile receive;

    @Inject
    Stored stored;

    @Test
    void what_is_left_of_a_file_when_it_is_closed_is_not_read() throws Exception {
        UUID id = UUID.randomUUID();
        stored.execute("insert into statement_piece select ?, nth, 'x' from generate_series(0, 9) nth", id);
        List<Long> progress = new ArrayList<>();
        try (Connection connection = stored.connection();
                InputStream file = receive.read(connection, id, 10L * 1024 * 1024, progress::add)) {
            assertThat(file.read()).isEqualTo('x');
        } finally {
            stored.execute("delete from statement_piece where statement_id = ?", id);
        }

        assertThat(progress).containsExactly(0L);
    }
}
