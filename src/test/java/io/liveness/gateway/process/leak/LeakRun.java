package io.liveness.gateway.process.leak;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.http.StubReceiver;
import io.liveness.gateway.testsupport.http.TraceCollector;
import io.liveness.gateway.testsupport.load.GatewayMetrics;
import io.liveness.gateway.testsupport.postgres.OwnPostgres;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Every scenario with marked data, from the first request until the database has stopped, and what it left where. */
final class LeakRun {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** An erasure looks again after a minute. */
    private static final Duration ONE_MORE_RUN = Duration.ofSeconds(120);

    private static final Duration TOKENS_LIVE = Duration.ofSeconds(20);
    private static final String RECEIVER = "/leak";

    /** What tables have: in the clear by column, and encrypted. */
    record Found(Map<Datum, Set<String>> columns, Set<Datum> encrypted) {}

    final Marks marks = new Marks();
    /** The encrypted form of what is erased later. */
    private final Marks encrypted = new Marks();

    /** Of all processes. */
    final List<String> log = new ArrayList<>();
    /** What files of the stopped database have, in the clear or encrypted; those with nothing are left out. */
    final Map<String, Set<Datum>> files = new TreeMap<>();

    List<String> problems;
    List<String> traces;
    String metrics;
    /** In the tables, before anything was erased. */
    Found kept;
    /** In the tables, after the erasure of a person, while other sessions are kept. */
    Found afterErasure;
    /** In the tables, after redaction and thinning. */
    Found afterThinning;

    private LeakRun() {}

    static LeakRun toItsEnd() {
        LeakRun run = new LeakRun();
        StubReceiver.at(RECEIVER);
        try (OwnPostgres postgres = OwnPostgres.start();
                TraceCollector collector = new TraceCollector();
                Surroundings around = new Surroundings(
                        SandboxSettings.defaults()
                                .withTokenLifetime(TOKENS_LIVE)
                                .withLateVerdictAfter(Duration.ofSeconds(1))
                                .withSlowAnswer(Duration.ofMillis(100)),
                        TestDatabase.create(postgres::server, postgres.server().address()))) {
            run.run(around, collector);
            run.traces = collector.received();
            postgres.stop();
            run.searchFiles(postgres);
        }
        return run;
    }

    private void run(Surroundings around, TraceCollector collector) {
        Tables tables = new Tables(around.database());
        GatewayEnvironment environment = environment(around, collector);
        markConfiguration(environment);
        GatewayProcess first = around.start(environment);
        Walk walk = new Walk(around, first.url(), marks);
        walkThrough(walk, around, tables);
        metrics = new GatewayMetrics(first).page();
        // As autovacuum does now and then: the statistics have samples of columns.
        tables.execute("analyze");
        kept = search(tables);
        problems = walk.problems();
        walk.redact(walk.faces().get(0));
        String erasure = walk.erasePerson();
        allEnd(tables);
        Patience.await("the person to be erased", ONE_MORE_RUN).until(() -> walk.isErased(erasure));
        afterErasure = search(tables);
        stop(first);

        GatewayProcess last = thin(around, environment, tables);
        afterThinning = search(tables);
        // Of a table without rows PostgreSQL keeps what it has sampled.
        walk.laterSession();
        stop(last);
        // The statistics are a table too: first they forget what they have sampled, then their earlier rows go.
        tables.execute("analyze", "vacuum full", "checkpoint");
    }

    private static GatewayEnvironment environment(Surroundings around, TraceCollector collector) {
        return around.environment()
                .with("quarkus.http.port", Integer.toString(FreePort.find()))
                .with("jumdata.calls-per-second", "1000")
                .with("jumdata.timeout", "2s")
                .with("liveness.opening-timeout", "10s")
                .with("liveness.return-hop.base-url", "http://localhost:1")
                .with("liveness.webhook.allowed-hosts", StubReceiver.allowedHost())
                .with("liveness.session.retention", "1d")
                .with("quarkus.log.category.\"io.liveness.gateway\".level", "DEBUG")
                .with("quarkus.otel.sdk.disabled", "false")
                .with("quarkus.otel.exporter.otlp.endpoint", collector.url());
    }

    private void markConfiguration(GatewayEnvironment environment) {
        marks.add(Datum.APP_SECRET, environment.value("jumdata.app-secret").orElseThrow());
        String key = environment.value("liveness.encryption.keys").orElseThrow().replaceFirst("^[^:]*:", "");
        marks.add(Datum.ENCRYPTION_KEY, key);
        marks.add(Datum.ENCRYPTION_KEY, Base64.getDecoder().decode(key));
        marks.add(Datum.CHECK_PAGE, "capture.html");
        marks.add(Datum.FACE_IMAGE, "v2-1/face/");
    }

    private void walkThrough(Walk walk, Surroundings around, Tables tables) {
        String secret = walk.endpoint(StubReceiver.at(RECEIVER)).substring("whsec_".length());
        marks.add(Datum.WEBHOOK_SECRET, secret);
        marks.add(Datum.WEBHOOK_SECRET, Base64.getDecoder().decode(secret));
        walk.everyScenario();
        walk.person();
        walk.readsAndRefusals();
        around.books().rows().forEach(row -> marks.add(Datum.VENDOR_TOKEN, row.token()));
        Patience.await("webhooks to be delivered", PATIENCE)
                .until(() -> tables.count("select count(*) from webhook_delivery") > 0
                        && tables.count("select count(*) from webhook_outbox") == 0);
    }

    private Found search(Tables tables) {
        Set<Datum> sealed = new TreeSet<>();
        for (Sealed column : Sealed.values()) {
            for (byte[] value : tables.bytes(column.name, column.table)) {
                sealed.add(column.datum);
                if (column.isErased) {
                    encrypted.add(column.datum, value);
                }
            }
        }
        return new Found(tables.search(marks), sealed);
    }

    /** Tokens end, and what was lost is written off. */
    private static void allEnd(Tables tables) {
        Patience.await("all sessions to end", TOKENS_LIVE.plus(PATIENCE)).until(() -> {
            tables.execute(
                    "update session_schedule set next_poll_at = now() where next_poll_at > now() + interval '10 seconds'");
            return tables.count(
                            "select count(*) from liveness_session where status in ('OPENING', 'PENDING') or charge_status = 'UNCONFIRMED'")
                    == 0;
        });
    }

    /**
     * The time of retention passes, and replicas that start after it do what is due.
     *
     * @return the last one, which runs
     */
    private GatewayProcess thin(Surroundings around, GatewayEnvironment environment, Tables tables) {
        tables.execute(
                "update liveness_session set verdict_at = verdict_at - interval '3 days',"
                        + " charge_settled_at = charge_settled_at - interval '3 days', updated_at = updated_at - interval '3 days'",
                "update session_end set unhashed_since = unhashed_since - interval '3 days', face_since = face_since - interval '3 days'");
        GatewayProcess hashing = around.start(environment);
        Patience.await("all face images to be redacted and all keys to be hashed", PATIENCE)
                .until(() -> tables.count(
                                "select count(*) from liveness_session where face_url_sealed is not null or key_hash is null")
                        == 0);
        stop(hashing);
        tables.execute("update liveness_session set key_hashed_at = key_hashed_at - interval '2 days'");
        GatewayProcess thinning = around.start(environment);
        Patience.await("all sessions to be thinned", PATIENCE)
                .until(() -> tables.count("select count(*) from liveness_session where thinned_at is null") == 0);
        return thinning;
    }

    /** Traces and log lines that wait are written first. */
    private void stop(GatewayProcess gateway) {
        gateway.askToStop();
        gateway.awaitExit();
        log.addAll(gateway.output());
        log.addAll(gateway.errors());
    }

    private void searchFiles(OwnPostgres postgres) {
        for (Path file : postgres.files()) {
            byte[] content = postgres.content(file);
            Set<Datum> found = marks.in(content);
            found.addAll(encrypted.in(content));
            if (!found.isEmpty()) {
                files.put(file.toString(), found);
            }
        }
    }

    /** Headers and body of each. */
    List<String> webhooks() {
        return StubReceiver.received(RECEIVER).stream()
                .map(webhook -> webhook.headers() + webhook.body())
                .toList();
    }
}
