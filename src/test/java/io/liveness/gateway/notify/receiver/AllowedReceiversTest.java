package io.liveness.gateway.notify.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller's webhook leads nowhere that operations did not name. */
class AllowedReceiversTest {

    private static final String PUBLIC = "8.8.8.8";

    private static final String ALSO_PUBLIC = "2606:4700:4700::1111";

    private final AllowedReceivers hosts = new AllowedReceivers(List.of(
            "hooks.example",
            "ports.example:8443",
            "*.domain.example",
            "10.9.8.7:8443",
            "http://localhost:8080",
            "http://127.0.0.1:9"));

    private final AllowedReceivers networks =
            new AllowedReceivers(List.of("hooks.example", "ports.example:8443", "10.20.0.0/16", "fd00:12::/32"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example/a",
                "https://HOOKS.example./a",
                "https://ports.example:8443/",
                "https://a.domain.example/",
                "https://a.b.domain.example/",
                "https://10.9.8.7:8443/",
                "http://localhost:8080/",
                "http://127.0.0.1:9/",
            })
    void owners_may_have_receivers_there(String url) {
        assertThat(hosts.whyRefused(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/hooks.example",
                "https://hooks.example.evil.example/",
                "https://sub.hooks.example/",
                "https://hooks.example:8443/",
                "https://hooks.example:22/",
                "https://ports.example/",
                "https://domain.example/",
                "https://evil-domain.example/",
                "https://a.domain.example:8443/",
                "https://10.9.8.7/",
                "https://10.9.8.8:8443/",
                "https://localhost:8080/",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://8.8.8.8/",
                "https://169.254.169.254/latest/meta-data",
                "https://10.20.0.1/",
            })
    void other_hosts_and_ports_are_refused(String url) {
        assertThat(hosts.whyRefused(url)).contains("must have a host and port that the operator of the gateway allows");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example/",
                "http://hooks.example:443/",
                "http://[::1]:8080/",
            })
    void plain_HTTP_is_refused_but_on_loopback(String url) {
        assertThat(hosts.whyRefused(url)).contains("must begin with https://");
        assertThat(networks.whyRefused(url)).contains("must begin with https://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost/", "http://localhost:8081/", "http://127.0.0.1:8080/"})
    void what_could_be_listed_on_loopback_is_refused_with_where_to_list_it(String url) {
        assertThat(hosts.whyRefused(url))
                .contains(
                        "must begin with https://, or be listed as http://localhost:<port> in liveness.webhook.allowed-hosts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://hooks.example@evil.example/", "https://2130706433/", "hooks.example", ""})
    void what_is_not_strictly_an_address_is_refused(String url) {
        assertThat(hosts.whyRefused(url))
                .contains(
                        "must be an absolute https address of at most 1024 ASCII characters, without user information and fragment");
    }

    @Test
    void a_host_is_called_at_public_addresses() {
        assertThat(allows(hosts, "https://hooks.example/", PUBLIC)).isTrue();
        assertThat(allows(hosts, "https://hooks.example/", ALSO_PUBLIC)).isTrue();
        assertThat(allows(hosts, "https://hooks.example/", PUBLIC, ALSO_PUBLIC)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.9.8.7", "fd00:12::1"})
    void a_host_is_not_called_at_another_address(String address) {
        assertThat(allows(hosts, "https://hooks.example/", address)).isFalse();
        assertThat(allows(hosts, "https://ports.example:8443/", address)).isFalse();
        assertThat(allows(hosts, "https://a.domain.example/", address)).isFalse();
    }

    @Test
    void one_address_that_is_not_allowed_rules_out_the_others() {
        assertThat(allows(hosts, "https://hooks.example/", PUBLIC, "10.20.0.1")).isFalse();
        assertThat(allows(hosts, "https://hooks.example/", "10.20.0.1", PUBLIC)).isFalse();
        assertThat(allows(networks, "https://other.example/", "10.20.0.1", "10.21.0.1"))
                .isFalse();
        assertThat(allows(networks, "https://other.example/", "10.20.0.1", PUBLIC))
                .isFalse();
    }

    @Test
    void the_loopback_entry_leads_to_loopback_alone_and_others_never_do() {
        assertThat(allows(hosts, "http://localhost:8080/", "127.0.0.1", "::1")).isTrue();
        assertThat(allows(hosts, "http://localhost:8080/", "127.0.0.2")).isTrue();
        assertThat(allows(hosts, "http://localhost:8080/", "10.20.0.1")).isFalse();
        assertThat(allows(hosts, "http://localhost:8080/", PUBLIC)).isFalse();
        assertThat(allows(hosts, "http://localhost:8080/", "127.0.0.1", PUBLIC)).isFalse();
    }

    @Test
    void a_network_allows_any_host_in_it_on_port_443() {
        assertThat(allows(networks, "https://other.example/", "10.20.0.0")).isTrue();
        assertThat(allows(networks, "https://other.example/", "10.20.255.255", "fd00:12:ffff::1"))
                .isTrue();
        assertThat(allows(networks, "https://other.example/", "::ffff:10.20.0.1"))
                .isTrue();
        assertThat(allows(networks, "https://other.example/", "::10.20.0.1")).isFalse();
        assertThat(allows(networks, "https://other.example/", "10.19.255.255")).isFalse();
        assertThat(allows(networks, "https://other.example/", "10.21.0.0")).isFalse();
        assertThat(allows(networks, "https://other.example/", "fd00:13::1")).isFalse();
        assertThat(allows(networks, "https://other.example/", PUBLIC)).isFalse();
        assertThat(allows(networks, "https://other.example:8443/", "10.20.0.1")).isFalse();
        assertThat(allows(networks, "http://other.example:443/", "10.20.0.1")).isFalse();
        assertThat(networks.whyRefused("https://10.20.0.1/")).isEmpty();
        assertThat(networks.whyRefused("https://[fd00:12::1]/")).isEmpty();
        assertThat(networks.whyRefused("https://10.21.0.1/")).isPresent();
        assertThat(networks.whyRefused("https://10.20.0.1:8443/")).isPresent();
        assertThat(networks.whyRefused("https://[64:ff9b::10.20.0.1]/")).isPresent();
        assertThat(networks.whyRefused("https://[64:ff9b::a14:1]/")).isPresent();
        assertThat(networks.whyRefused("https://[::1]/")).isPresent();
    }

    /** What a name resolves to is nothing that a caller may learn by creating endpoints. */
    @Test
    void names_are_not_resolved_to_say_whether_an_owner_may_have_a_receiver_there() {
        assertThat(networks.whyRefused("https://nowhere.invalid/")).isEmpty();
        assertThat(networks.whyRefused("https://localhost/")).isEmpty();
        assertThat(allows(networks, "https://localhost/", "127.0.0.1")).isFalse();
        assertThat(networks.whyRefused("https://nowhere.invalid:8443/")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "http://hooks.example",
        "http://localhost",
        "http://10.0.0.1:80",
        "https://hooks.example",
        "hooks.example/path",
        "hooks.example:0",
        "hooks.example:70000",
        "*",
        "*.com",
        "127.1",
        "2130706433",
        "0177.0.0.1",
        "user@hooks.example",
        "10.20.0.0/33",
        "10.20.0.0/0",
        "10.20.0.0/",
        "10.20.0/16",
        "10.20.0.0/16:443",
        "fd00:12::/129",
        "fd00:12::/0",
        "fd00:12/32",
        "[fd00:12::]/32",
        "::ffff:10.20.0.0/16",
        "::ffff:10.20.0.0/112",
        "hooks.example/16",
        "2001:db8::1",
    })
    void another_entry_stops_the_start_with_a_sentence_that_names_the_property(String entry) {
        assertThatThrownBy(() -> new AllowedReceivers(List.of("hooks.example", entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("liveness.webhook.allowed-hosts must")
                .hasMessageEndingWith(entry);
    }

    private static boolean allows(AllowedReceivers receivers, String url, String... addresses) {
        return receivers.allows(
                ReceiverUrl.parse(url).orElseThrow(),
                Stream.of(addresses).map(InetAddressOf::text).toList());
    }
}
