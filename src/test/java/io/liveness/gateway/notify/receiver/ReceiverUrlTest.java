package io.liveness.gateway.notify.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An address is read in one way only, whatever reads it after us. */
class ReceiverUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example, true, hooks.example, 443, /",
        "https://hooks.example/a%20b?c=d, true, hooks.example, 443, /a%20b?c=d",
        "https://hooks.example?c=d, true, hooks.example, 443, /?c=d",
        "HTTPS://HOOKS.Example:443/A, true, hooks.example, 443, /A",
        "https://hooks.example./a, true, hooks.example, 443, /a",
        "https://xn--fiqs8s.example/, true, xn--fiqs8s.example, 443, /",
        "https://hooks.example:8443/, true, hooks.example, 8443, /",
        "https://hooks.example:65535/, true, hooks.example, 65535, /",
        "http://localhost:8080/, false, localhost, 8080, /",
        "http://localhost/, false, localhost, 80, /",
        "https://198.51.100.7/, true, 198.51.100.7, 443, /",
        "https://[2001:DB8:0:0::7]:8443/, true, [2001:db8::7], 8443, /",
    })
    void these_are_read(String url, boolean tls, String host, int port, String target) {
        assertThat(ReceiverUrl.parse(url)).contains(new ReceiverUrl(tls, host, port, target));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example",
                "https:hooks.example",
                "ftp://hooks.example/",
                "https://user@hooks.example/",
                "https://hooks.example\\@evil.example/",
                "https://hooks.example/#part",
                "https://hooks.example:0/",
                "https://hooks.example:65536/",
                "https://hooks.example:443:443/",
                "https://hooks_1.example/",
                "https://-hooks.example/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://127.0.0.256/",
                "https://198.51.100.7./",
                "https://[::ffff:198.51.100.7]/",
                "https://[::198.51.100.7]/",
                "https://[64:ff9b::198.51.100.7]/",
                "https://::1/",
                "https://[::1]evil.example/",
                "https://[fe80::1%25eth0]/",
                "https://[::ffff:127.1]/",
                "https://\u0456hooks.example/",
                "https://hooks\u3002example/",
                "https://hooks.example/\u0456",
                "https://hooks.example/a b",
                " https://hooks.example/",
                "https://hooks.example/\r\nHost: evil.example",
                "https://hooks.example/\u0000",
                "https://hooks.example/{id}",
            })
    void these_are_not(String url) {
        assertThat(ReceiverUrl.parse(url)).isEmpty();
    }

    @Test
    void it_has_at_most_1024_characters() {
        String longest = "https://hooks.example/" + "a".repeat(1024 - "https://hooks.example/".length());

        assertThat(ReceiverUrl.parse(longest)).isPresent();
        assertThat(ReceiverUrl.parse(longest + "a")).isEmpty();
    }

    @Test
    void its_text_form_is_the_host_alone() {
        assertThat(ReceiverUrl.parse("https://hooks.example/secret?key=secret").orElseThrow())
                .hasToString("hooks.example");
    }
}
