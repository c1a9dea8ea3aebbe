package io.liveness.gateway.privacy.face;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.platform.http.WebAddress;
import io.liveness.gateway.privacy.face.StreamFaceImage.FaceHosts;
import io.liveness.gateway.vendor.Confidential;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway calls an address in the vendor's answer only if operations have allowed its host. */
class FaceHostsTest {

    private final FaceHosts hosts = new FaceHosts(List.of(
            "*.jumdata.com",
            "img.example",
            "cdn.example:8443",
            "203.0.113.7",
            "http://localhost:8080",
            "http://127.0.0.1:9"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://img.jumdata.com/face/1.jpg",
                "https://a.b.jumdata.com/1.jpg",
                "HTTPS://IMG.JUMDATA.COM:443/1.jpg",
                "https://img.example/1.jpg?Expires=1&Signature=a%2Fb%3D",
                "https://img.example",
                "https://cdn.example:8443/1.jpg",
                "https://203.0.113.7/1.jpg",
                "http://localhost:8080/1.jpg",
                "http://127.0.0.1:9/1.jpg",
            })
    void these_are_allowed(String url) {
        assertThat(hosts.check(new Confidential(url))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://img.jumdata.com/1.jpg",
                "https://jumdata.com/1.jpg",
                "https://evil-jumdata.com/1.jpg",
                "https://img.jumdata.com.evil.example/1.jpg",
                "https://img.jumdata.com@evil.example/1.jpg",
                "https://evil.example\\@img.jumdata.com/1.jpg",
                "https://evil.example#@img.jumdata.com/1.jpg",
                "https://img.jumdata.com./1.jpg",
                "https://img.jumdata.com:8443/1.jpg",
                "https://sub.img.example/1.jpg",
                "https://cdn.example/1.jpg",
                "https://203.0.113.8/1.jpg",
                "https://3405803783/1.jpg",
                "https://[::1]/1.jpg",
                "https://169.254.169.254/latest/meta-data",
                "https://localhost:8080/1.jpg",
                "http://localhost/1.jpg",
                "https://img.jumdata.com/1.jpg\r\nHost: evil.example",
                "https://img.jumdata.com/a b",
                "https://\u0456mg.jumdata.com/1.jpg",
                "ftp://img.jumdata.com/1.jpg",
                "//img.jumdata.com/1.jpg",
                "",
            })
    void these_are_not(String url) {
        assertThat(hosts.check(new Confidential(url))).isEmpty();
    }

    @Test
    void what_is_sent_is_path_and_query_as_they_are_signed_but_no_fragment() {
        WebAddress address = hosts.check(new Confidential("https://img.example/a%20b/1.jpg?sign=x%2By&t=1#there"))
                .orElseThrow();

        assertThat(address.target()).isEqualTo("/a%20b/1.jpg?sign=x%2By&t=1");
        assertThat(address.port()).isEqualTo(443);
        assertThat(address).hasToString("img.example");
    }

    @ParameterizedTest
    @CsvSource({
        "http://img.jumdata.com",
        "http://localhost",
        "http://10.0.0.1:80",
        "img.jumdata.com/path",
        "img.jumdata.com:70000",
        "*",
        "*.com",
        "203.0.113.256",
        "3405803783",
        "*jumdata.com",
        "user@img.jumdata.com",
    })
    void another_entry_stops_the_start_with_a_sentence_that_names_the_property(String entry) {
        assertThatThrownBy(() -> new FaceHosts(List.of("img.example", entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("liveness.face.allowed-hosts must")
                .hasMessageEndingWith(entry);
    }
}
