package io.liveness.gateway.process.leak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every scenario runs with data that can be found again. Then logs, metrics, traces, problems, tables and the files of the database are
 * searched: while the data are kept, after the erasure of a person, and after redaction and thinning. The write-ahead log is not searched: it has every version of a row
 * until PostgreSQL reuses its files, see docs/privacy.md.
 */
@Tag("long")
class LeakIT {

    private static final Path DATA_MAP = Path.of("docs", "privacy.md");

    private static LeakRun run;

    @BeforeAll
    static void start() {
        run = LeakRun.toItsEnd();
    }

    @Test
    void there_was_something_to_find() {
        assertThat(run.marks.all()).containsExactlyInAnyOrder(Datum.values());
        assertThat(run.kept.encrypted())
                .containsExactlyInAnyOrder(
                        Datum.VENDOR_TOKEN, Datum.CHECK_PAGE, Datum.FACE_IMAGE, Datum.WEBHOOK_SECRET);
        assertThat(run.problems).hasSizeGreaterThan(30).anyMatch(answer -> answer.contains("application/problem+json"));
        assertThat(String.join("\n", run.traces))
                .contains("POST /v1/liveness-sessions", "insert into liveness_session");
        assertThat(run.metrics).contains("liveness_webhook_attempts_seconds_count");
        assertThat(run.log).anyMatch(line -> line.contains("DEBUG"));
        assertThat(run.webhooks()).isNotEmpty();
    }

    @Test
    void a_table_has_a_datum_in_the_clear_only_where_the_data_map_says() {
        assertThat(run.kept.columns()).isEqualTo(Datum.kept());
    }

    @Test
    void the_data_map_names_every_column() throws IOException {
        List<String> rows = Files.readAllLines(DATA_MAP).stream()
                .filter(line -> line.startsWith("| "))
                .toList();

        assertThat(Arrays.stream(Datum.values()).flatMap(datum -> datum.columns().stream()))
                .isNotEmpty()
                .allSatisfy(place -> {
                    String[] parts = place.split("\\.");
                    assertThat(rows)
                            .anyMatch(row -> row.contains("`" + place + "`")
                                    || row.contains("`" + parts[0] + ".") && row.contains("`" + parts[1] + "`"));
                });
    }

    @Test
    void no_line_of_a_log_has_any() {
        assertThat(found(run.log)).isEmpty();
    }

    @Test
    void no_metric_has_any() {
        assertThat(run.marks.in(run.metrics)).isEmpty();
    }

    @Test
    void no_trace_has_any() {
        assertThat(found(run.traces)).isEmpty();
    }

    @Test
    void no_problem_has_any() {
        assertThat(found(run.problems)).isEmpty();
    }

    @Test
    void no_webhook_has_any_but_references() {
        assertThat(found(run.webhooks())).containsOnlyKeys(Datum.REFERENCE, Datum.PERSON_REFERENCE);
    }

    @Test
    void after_an_erasure_the_tables_have_nothing_of_the_person() {
        assertThat(run.afterErasure.columns())
                .containsKeys(Datum.REFERENCE, Datum.METADATA)
                .doesNotContainKeys(Datum.PERSON_REFERENCE, Datum.PERSON_METADATA);
    }

    @Test
    void after_redaction_and_thinning_the_tables_have_nothing_but_the_cost_centre() {
        assertThat(run.afterThinning.columns())
                .isEqualTo(Datum.keptAfterThinning())
                .containsOnlyKeys(Datum.COST_CENTRE);
        assertThat(run.afterThinning.encrypted()).containsExactly(Datum.WEBHOOK_SECRET);
    }

    /** Also no earlier version of a row, no sample of a column in the statistics, and no line of PostgreSQL's log. */
    @Test
    void after_a_full_vacuum_the_files_of_the_database_have_nothing_but_the_cost_centre() {
        assertThat(run.files)
                .isNotEmpty()
                .allSatisfy((file, found) -> assertThat(found).containsExactly(Datum.COST_CENTRE));
    }

    /** Each datum with the first text that has it. */
    private static Map<Datum, String> found(List<String> texts) {
        Map<Datum, String> found = new EnumMap<>(Datum.class);
        for (String text : texts) {
            String bytes = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            run.marks.in(bytes).forEach(datum -> found.putIfAbsent(datum, text));
        }
        return found;
    }
}
