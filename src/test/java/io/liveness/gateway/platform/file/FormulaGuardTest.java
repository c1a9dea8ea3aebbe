package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormulaGuardTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+1",
                "-1",
                "@SUM(A1)",
                "\t=1",
                "\r=1",
                "\n=1",
                "＝1+1",
                "＋1",
                "－1",
                "＠SUM",
                "'=1",
                "''-1",
                "="
            })
    void a_text_that_looks_like_a_formula_is_marked_and_comes_back_as_it_was(String text) {
        assertThat(FormulaGuard.guard(text)).isEqualTo("'" + text);
        assertThat(FormulaGuard.strip(FormulaGuard.guard(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'", "''", "'tis", "order-1", "1=1", " =1", "张三", "0"})
    void any_other_text_is_left_as_it_is(String text) {
        assertThat(FormulaGuard.guard(text)).isEqualTo(text);
        assertThat(FormulaGuard.strip(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "-0.80", "@x"})
    void what_was_not_marked_is_not_stripped(String text) {
        assertThat(FormulaGuard.strip(text)).isEqualTo(text);
    }
}
