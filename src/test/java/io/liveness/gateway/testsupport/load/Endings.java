package io.liveness.gateway.testsupport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.load.Orders.Order;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The number of sessions that are settled. */
public final class Endings {

    private static final Duration TO_FINISH = Duration.ofMinutes(2);

    private Endings() {}

    public static void await(Surroundings around) {
        Patience.await("every session to be over", TO_FINISH)
                .until(() -> StoredSession.unfinished(around.database()) == 0);
    }

    /** As a minute without such an answer does, which a token of two hours can wait for and one of seconds cannot. */
    public static void recoverFromTheStorm(Surroundings around) {
        execute(around, "select setval('vendor_budget_slow_until', 0)");
    }

    /** Every session is to be asked about now. */
    public static void bringForward(Surroundings around) {
        execute(around, "update session_schedule set next_poll_at = liveness_now()");
    }

    /** By their keys; each ended once, and the books agree. */
    public static Map<String, StoredSession> sessions(Surroundings around) {
        List<StoredSession> sessions = StoredSession.all(around.database());
        BothBooks.assertAgree(sessions, around.books().rows());
        assertThat(sessions.stream().filter(session -> !endedOnce(session))).isEmpty();
        return sessions.stream().collect(Collectors.toMap(StoredSession::key, Function.identity()));
    }

    private static boolean endedOnce(StoredSession session) {
        return session.events("SETTLED", "WRITTEN_OFF") == (session.status().equals("REJECTED") ? 0 : 1);
    }

    /** Each as its scenario says. */
    public static void assertEnded(List<Order> orders, Map<String, StoredSession> sessions) {
        assertThat(orders.stream()
                        .filter(order -> !sessions.get(order.key()).end().equals(Orders.end(order.scenario())))
                        .map(order -> order.scenario() + ": " + sessions.get(order.key())))
                .isEmpty();
    }

    private static void execute(Surroundings around, String sql) {
        try (Connection connection = around.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
