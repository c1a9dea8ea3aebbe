package io.liveness.gateway.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.books.BillDetail.Code;
import io.liveness.gateway.testsupport.browser.ConsoleWords;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BillDetailTest {

    private static final Pattern NAMED = Pattern.compile("\\{(\\w+)}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"code":"charged-twice","statement":"a1","line":"3"} | statement a1 has charged the fee on line 3
            {"code":"on-line-of","line":"3","statement":"a1"}    | on line 3 of statement a1
            {"code":"lines-stated","stated":"2","lines":"3"}     | the file states 2 lines and has 3
            {"code":"matched-by-hand"}                           | matched by hand
            {"code":"cell-empty","column":"${line}\\\\"}         | column ${line}\\ is empty
            """)
    void what_is_stored_is_told_as_a_sentence(String stored, String sentence) {
        assertThat(BillDetail.of(stored).text()).isEqualTo(sentence);
        assertThat(BillDetail.of(stored).stored()).isEqualTo(stored);
    }

    @Test
    void each_code_is_another_one() {
        assertThat(Arrays.stream(Code.values()).map(Code::code)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Code.class)
    void the_console_says_each_code_in_its_languages_with_its_values(Code code) {
        Collection<String> named = named(code.sentence());
        Map<String, String> values = new LinkedHashMap<>();
        named.forEach(name -> values.put(name, "7"));
        BillDetail detail = new BillDetail(code, values);

        assertThat(BillDetail.of(detail.stored())).isEqualTo(detail);
        assertThat(detail.text()).doesNotContain("{");
        // The console puts the name of a column in front of what is said of its cell.
        named.remove("column");
        assertThat(ConsoleWords.sentences("detail." + code.code()))
                .hasSize(2)
                .allSatisfy(sentence -> assertThat(named(sentence)).isEqualTo(named));
    }

    private static Collection<String> named(String sentence) {
        return new TreeSet<>(NAMED.matcher(sentence)
                .results()
                .map((MatchResult name) -> name.group(1))
                .toList());
    }
}
