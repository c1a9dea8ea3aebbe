package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header that names a file, for names that people give. */
class AttachmentTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bill-2026.csv         | filename="bill-2026.csv"
            账单 11月.csv          | filename="__ 11_.csv"; filename*=UTF-8''%E8%B4%A6%E5%8D%95%2011%E6%9C%88.csv
            a"b;c*d%e.csv         | filename="a_b_c_d_e.csv"; filename*=UTF-8''a%22b%3Bc%2Ad%25e.csv
            ../../etc/passwd      | filename=".._.._etc_passwd"
            C:\\bill.csv          | filename="C__bill.csv"
            fdp\\u202Evsc.exe     | filename="fdp_vsc.exe"
            """)
    void it_ends_no_header_and_hides_nothing(String name, String expected) {
        String given = name.replace("\\u202E", "\u202e");

        assertThat(Exports.attachment(given)).isEqualTo("attachment; " + expected);
    }

    @ParameterizedTest
    @CsvSource({"13", "10", "0", "127", "8232"})
    void no_control_character_is_left(int character) {
        assertThat(Exports.attachment("a" + (char) character + "b")).isEqualTo("attachment; filename=\"a_b\"");
    }
}
