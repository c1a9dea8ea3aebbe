package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.problem.ProblemException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class HeaderTest {

    private static final String HEADER = "taskNo,time,status,amount";

    @Test
    void the_header_may_be_row_fifty() {
        assertThat(search("letterhead\n".repeat(49) + HEADER).line()).isEqualTo(50);
    }

    @Test
    void a_header_behind_fifty_rows_is_not_found() {
        refused("letterhead\n".repeat(50) + HEADER, "line 1", lacks("taskNo, time, status, amount"));
    }

    @Test
    void the_row_that_lacks_fewest_columns_is_named() {
        refused("taskNo\ntaskNo,time\nstatus\n", "line 2", lacks("status, amount"));
    }

    @Test
    void a_bill_of_totals_by_day_is_told_from_one_with_other_columns() {
        refused(
                "日期,笔数,amount\n2026-11-24,300,240.00\n",
                "line 1",
                lacks("taskNo, time, status")
                        + "; a bill of totals by day cannot be matched: ask the vendor for the list of its checks");
        refused("taskNo,笔数,amount\n", "line 1", lacks("time, status"));
    }

    @Test
    void empty_cells_behind_the_header_are_no_columns() {
        assertThat(search(HEADER + ",, ,\n").width()).isEqualTo(4);
        assertThat(search(HEADER + ",note,\n").width()).isEqualTo(5);
        assertThat(search(HEADER).width()).isEqualTo(4);
    }

    private static String lacks(String columns) {
        return "none of the first 50 rows is the header; this row comes closest, but lacks: " + columns;
    }

    private static void refused(String file, String line, String why) {
        assertThatThrownBy(() -> search(file))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.errors()).singleElement().satisfies(error -> {
                            assertThat(error.field()).isEqualTo(line);
                            assertThat(error.message()).isEqualTo(why);
                            assertThat(error.code()).matches("[a-z-]+");
                        }));
    }

    private static Header search(String file) {
        return Header.in(new CsvRows(new StringReader(file), ','), TestMapping.of(TestMapping.AMOUNT));
    }
}
