package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CharactersTest {

    private final Characters characters = new Characters(Characters.LETTERS_AND_DIGITS + ".-");

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "Zz09.-", "order-4711"})
    void a_text_of_these_characters_is_made_up_of_them(String text) {
        assertThat(characters.makeUp(text, 0)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a_", "a\n", "\u0000", "\u007f", "é", "\u0161", "活", "😀"})
    void one_other_character_is_one_too_many(String text) {
        assertThat(characters.makeUp(text, 0)).isFalse();
    }

    @Test
    void earlier_text_does_not_count() {
        assertThat(characters.makeUp("/v1/a-1", 4)).isTrue();
        assertThat(characters.makeUp("/v1/a/1", 4)).isFalse();
    }
}
