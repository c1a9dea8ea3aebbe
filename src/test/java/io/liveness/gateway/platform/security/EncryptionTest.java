package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionTest {

    private static final String OLD = "old:" + key('o');
    private static final String NEW = "new:" + key('n');

    private final Encryption encryption = new Encryption(List.of(NEW));

    @Test
    void what_was_sealed_opens_again() {
        byte[] sealed = encryption.seal("token-检测", "row/TOKEN");

        assertThat(encryption.open(sealed, "row/TOKEN")).isEqualTo("token-检测");
        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("token");
    }

    @Test
    void the_same_value_never_looks_the_same() {
        assertThat(encryption.seal("token", "c")).isNotEqualTo(encryption.seal("token", "c"));
    }

    @Test
    void a_sealed_value_opens_in_its_own_row_and_column_only() {
        byte[] sealed = encryption.seal("token", "row-1/TOKEN");

        assertThatIllegalStateException().isThrownBy(() -> encryption.open(sealed, "row-2/TOKEN"));
    }

    @Test
    void a_changed_value_does_not_open() {
        byte[] sealed = encryption.seal("token", "c");
        sealed[sealed.length - 1] ^= 1;

        assertThatIllegalStateException().isThrownBy(() -> encryption.open(sealed, "c"));
    }

    @Test
    void after_a_change_of_keys_old_values_open() {
        Encryption before = new Encryption(List.of(OLD));
        Encryption after = new Encryption(List.of(NEW, OLD));

        assertThat(after.open(before.seal("token", "c"), "c")).isEqualTo("token");
        assertThatIllegalStateException()
                .isThrownBy(() -> before.open(after.seal("token", "c"), "c"))
                .withMessageContaining("liveness.encryption.keys");
    }

    @Test
    void a_value_of_another_key_is_sealed_anew_by_the_first_one() {
        Encryption after = new Encryption(List.of(NEW, OLD));
        byte[] own = after.seal("token", "c");
        byte[] anew = after.reseal(new Encryption(List.of(OLD)).seal("token", "c"), "c");

        assertThat(after.reseal(own, "c")).isSameAs(own);
        assertThat(new Encryption(List.of(NEW)).open(anew, "c")).isEqualTo("token");
        assertThat(after.keyIds()).containsExactly("new", "old");
    }

    @Test
    void hashes_have_a_key_of_their_own_which_stays_when_keys_change() {
        Encryption before = new Encryption(List.of(OLD));
        byte[] hash = before.lookupHash("token");
        byte[] stored = before.ownHashKey();

        assertThat(encryption.lookupHash("token")).isNotEqualTo(hash);
        encryption.hashUnder(stored);

        assertThat(encryption.lookupHash("token")).isEqualTo(hash);
        assertThat(encryption.lookupHash("another")).isNotEqualTo(hash);
    }

    @Test
    void a_sealed_value_begins_with_the_mark_of_its_key() {
        assertThat(encryption.seal("token", "c")).startsWith(encryption.sealedBy("new"));
        assertThat(encryption.sealedBy("new")).isEqualTo(new byte[] {3, 'n', 'e', 'w'});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "id",
                "id:",
                ":c2hvcnQ=",
                "id:c2hvcnQ=",
                "id:not base64!",
                "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA=="
            })
    void a_bad_key_is_refused_without_telling_it(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Encryption(List.of(key)))
                .withMessageContaining("liveness.encryption.keys")
                .withMessageNotContaining("c2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "ключ", "a\u0000", "a,b"})
    void an_id_has_letters_digits_dots_and_dashes(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Encryption(List.of(id + ":" + key('x'))))
                .withMessageContaining("liveness.encryption.keys");
    }

    @Test
    void an_id_has_at_most_64_characters() {
        String longest = "2026-11_a.B".repeat(6).substring(0, 64);
        Encryption longId = new Encryption(List.of(longest + ":" + key('x')));

        assertThat(longId.open(longId.seal("token", "c"), "c")).isEqualTo("token");
        assertThatIllegalArgumentException().isThrownBy(() -> new Encryption(List.of(longest + "x:" + key('x'))));
    }

    /** A reader of many rows passes over what cannot be read, and knows it by this exception alone. */
    @Test
    void damaged_bytes_of_any_kind_raise_one_exception() {
        byte[] sealed = encryption.seal("token", "c");
        for (int length = 0; length < sealed.length; length++) {
            assertDoesNotOpen(Arrays.copyOf(sealed, length));
        }
        for (int length = Byte.MIN_VALUE; length <= Byte.MAX_VALUE; length++) {
            byte[] wrongLength = sealed.clone();
            wrongLength[0] = (byte) length;
            if (length != sealed[0]) {
                assertDoesNotOpen(wrongLength);
            }
        }
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] noise = new byte[random.nextInt(80)];
            random.nextBytes(noise);
            assertDoesNotOpen(noise);

            byte[] changed = sealed.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
            assertDoesNotOpen(Arrays.copyOf(changed, 1 + random.nextInt(changed.length)));
        }
    }

    private void assertDoesNotOpen(byte[] bytes) {
        assertThatIllegalStateException()
                .as(() -> HexFormat.of().formatHex(bytes))
                .isThrownBy(() -> encryption.open(bytes, "c"));
    }

    @Test
    void an_id_given_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Encryption(List.of(OLD, "old:" + key('x'))))
                .withMessageContaining("twice");
    }

    private static String key(char letter) {
        return Base64.getEncoder()
                .encodeToString(String.valueOf(letter).repeat(32).getBytes(StandardCharsets.US_ASCII));
    }
}
