import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Settles the sessions that are due as tasks of db-scheduler: the writes of the gateway, in one transaction for each session. */
public final class SettleByDbScheduler {

    private static final int THREADS = 32;
    private static final int CONNECTIONS = 40;
    private static final long AT_MOST_MINUTES = 10;

    private static final String UPDATE = """
            update liveness_session
            set status = 'PASSED', charge_status = 'CHARGED', charge_settled_at = clock_timestamp(), verdict_code = 200,
                verdict_message = '活体检测通过', verdict_at = clock_timestamp(), face_url_sealed = token_sealed, token_sealed = null,
                check_url_sealed = null, updated_at = clock_timestamp()
            where id = ? and status = 'PENDING'
            """;
    private static final String ENTRY = """
            insert into ledger_entry (session_id, kind, task_no, basis, amount, currency, recorded_at)
            values (?, 'CHARGE', 'bench', 'RULE', 800000, 'CNY', clock_timestamp())
            """;
    private static final String EVENTS = """
            insert into session_event (id, session_id, type, at, detail)
            values (bench_uuid7(), ?, 'CHECKED', clock_timestamp(), '{"code": 200, "taskNo": "bench"}'),
                   (bench_uuid7(), ?, 'SETTLED', clock_timestamp(), '{"status": "PASSED", "charge": "CHARGED"}')
            """;

    private static final HikariDataSource DATABASE = new HikariDataSource();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SettleByDbScheduler() {}

    /** @param arguments the database's JDBC address, the vendor's address or nothing, and how many sessions are due */
    public static void main(String[] arguments) throws InterruptedException {
        DATABASE.setJdbcUrl(arguments[0]);
        DATABASE.setMaximumPoolSize(CONNECTIONS);
        String vendor = arguments[1];
        CountDownLatch open = new CountDownLatch(Integer.parseInt(arguments[2]));
        Scheduler scheduler = Scheduler.create(
                        DATABASE, Tasks.oneTime("settle").execute((task, context) -> {
                            askVendor(vendor);
                            settle(UUID.fromString(task.getId()));
                            open.countDown();
                        }))
                .threads(THREADS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .build();
        scheduler.start();
        boolean settled = open.await(AT_MOST_MINUTES, TimeUnit.MINUTES);
        scheduler.stop();
        System.exit(settled ? 0 : 1);
    }

    private static void askVendor(String vendor) {
        if (vendor.isEmpty()) {
            return;
        }
        HttpRequest result = HttpRequest.newBuilder(URI.create(vendor + "/lifecheck/h5/v2-1/result"))
                .POST(HttpRequest.BodyPublishers.ofString("appId=bench&token=bench"))
                .build();
        HTTP.sendAsync(result, HttpResponse.BodyHandlers.ofString()).join();
    }

    private static void settle(UUID session) {
        try (Connection connection = DATABASE.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, UPDATE, session);
            execute(connection, ENTRY, session);
            execute(connection, EVENTS, session, session);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Connection connection, String sql, UUID... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
