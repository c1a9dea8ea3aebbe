import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
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
            values (?, 'CHARGE', 'bench', 'RULE', 80, 'CNY', clock_timestamp())
            """;
    private static final String EVENTS = """
            insert into session_event (id, session_id, type, at, detail)
            values (bench_uuid7(), ?, 'CHECKED', clock_timestamp(), '{"code": 200, "taskNo": "bench"}'),
                   (bench_uuid7(), ?, 'SETTLED', clock_timestamp(), '{"status": "PASSED", "charge": "CHARGED"}')
            """;

    private final HikariDataSource database = new HikariDataSource();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String vendor;
    private final CountDownLatch open;

    /** @param arguments the database's JDBC address, the vendor's address or nothing, and how many sessions are due */
    public static void main(String[] arguments) throws InterruptedException {
        new SettleByDbScheduler(arguments[0], arguments[1], Integer.parseInt(arguments[2])).run();
    }

    private SettleByDbScheduler(String database, String vendor, int sessions) {
        this.database.setJdbcUrl(database);
        this.database.setMaximumPoolSize(CONNECTIONS);
        this.vendor = vendor;
        this.open = new CountDownLatch(sessions);
    }

    private void run() throws InterruptedException {
        OneTimeTask<Void> settle =
                Tasks.oneTime("settle").execute((task, context) -> settle(UUID.fromString(task.getId())));
        Scheduler scheduler = Scheduler.create(database, settle)
                .threads(THREADS)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .build();
        scheduler.start();
        boolean settled = open.await(AT_MOST_MINUTES, TimeUnit.MINUTES);
        scheduler.stop();
        database.close();
        System.exit(settled ? 0 : 1);
    }

    private void settle(UUID session) {
        try {
            askVendor();
            write(session);
            open.countDown();
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askVendor() throws IOException, InterruptedException {
        if (!vendor.isEmpty()) {
            HttpRequest result = HttpRequest.newBuilder(URI.create(vendor + "/lifecheck/h5/v2-1/result"))
                    .POST(HttpRequest.BodyPublishers.ofString("appId=bench&token=bench"))
                    .build();
            http.send(result, HttpResponse.BodyHandlers.ofString());
        }
    }

    private void write(UUID session) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, UPDATE, session);
            execute(connection, ENTRY, session);
            execute(connection, EVENTS, session, session);
            connection.commit();
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
