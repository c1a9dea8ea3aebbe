package io.liveness.gateway.platform.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class XlsxTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a\u0001b", "_x0041_", "_x005F_", "_x", "__x0041_x0041_", "_x00e9_", "_x００41_", "plain", ""})
    void a_text_is_what_it_was_before_it_was_escaped(String text) {
        assertThat(XlsxText.read(XlsxText.of(text))).isEqualTo(text);
    }
}
