package io.liveness.gateway.process.leak;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers.Answer;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.TestDatabase;
import io.liveness.gateway.testsupport.http.JsonPost;
import io.liveness.gateway.testsupport.postgres.OwnPostgres;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What an erasure leaves in the files of the database, and what the daily job of docs/operations.md removes there. */
class ErasedFilesIT {

    private static final String PERSON = "the-person-of-these-files";
    private static final int SESSIONS = 900;
    private static final JsonObject ORDER = new JsonObject().put("reference", PERSON);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String COPIES = """
            insert into liveness_session select (jsonb_populate_record(s, jsonb_build_object(
                'id', lpad(to_hex(n), 32, '0'), 'idempotency_key', 'copy-' || n, 'task_no', 'copy-' || n, 'token_hash', null,
                'reference', '%s'))).*
            from liveness_session s, generate_series(1, %d) n
            """.formatted(PERSON, SESSIONS);

    /** How many indexes with what identifies a person the statements of the job do not write anew. */
    private static final String LEFT_OUT = """
            select count(distinct i.indexrelid)
            from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
            where i.indrelid = 'liveness_session'::regclass and a.attname in ('reference', 'idempotency_key')
                and 'reindex index concurrently ' || i.indexrelid::regclass not in ('%s')
            """;

    private static final String FILES = """
            select case relkind when 'i' then 'index ' else 'table ' end || relname, pg_relation_filepath(oid) from pg_class
            where relkind in ('i', 'r', 't') and pg_relation_filepath(oid) is not null
            """;

    @Test
    void after_the_daily_job_no_index_has_an_erased_reference() {
        try (OwnPostgres postgres = OwnPostgres.start();
                Surroundings around = new Surroundings(
                        SandboxSettings.defaults(),
                        TestDatabase.create(postgres::server, postgres.server().address()))) {
            GatewayProcess gateway = around.start(around.environment());
            Answer opened = around.callers().open(gateway.url(), "model", "pass");
            around.callers().checkLater(gateway.url(), opened.id()).join();
            // Without samples in the statistics, and with no vacuum but those below.
            around.database().execute("alter table liveness_session set (autovacuum_enabled = false)");
            around.database().execute(COPIES);
            Patience.await("the erasure", PATIENCE)
                    .until(() -> JsonPost.answer(
                                    202,
                                    gateway.url() + "/v1/erasures",
                                    around.callers().accessToken(),
                                    ORDER)
                            .getString("status")
                            .equals("DONE"));
            assertThat(around.database().count(LEFT_OUT.formatted(String.join("', '", DailyJob.statements()))))
                    .isZero();
            execute(around.database(), "vacuum liveness_session", "vacuum liveness_session");

            Map<String, Integer> afterVacuums = found(postgres, around.database());
            execute(around.database(), DailyJob.statements());
            Map<String, Integer> afterJob = found(postgres, around.database());

            System.out.printf(
                    "%d references erased. In files after two vacuums: %s; after the daily job: %s%n",
                    SESSIONS, afterVacuums, afterJob);
            assertThat(afterVacuums.keySet()).anyMatch(file -> file.startsWith("index "));
            assertThat(afterJob.keySet()).isSubsetOf("table liveness_session");
        }
    }

    private static void execute(TestDatabase database, String... statements) {
        for (String statement : statements) {
            database.execute(statement);
        }
    }

    /** How often the reference is in the files of a table or an index. */
    private static Map<String, Integer> found(OwnPostgres postgres, TestDatabase database) {
        database.execute("checkpoint");
        Map<String, String> relations = new TreeMap<>();
        database.rows(FILES).forEach(row -> relations.put(row.get(1), row.get(0)));
        Map<String, Integer> found = new TreeMap<>();
        for (Path file : postgres.files()) {
            int times = new String(postgres.content(file), StandardCharsets.ISO_8859_1).split(PERSON, -1).length - 1;
            if (times > 0) {
                String path = file.toString();
                found.merge(relations.getOrDefault(path.replaceFirst("[._][^/]*$", ""), path), times, Integer::sum);
            }
        }
        return found;
    }
}
