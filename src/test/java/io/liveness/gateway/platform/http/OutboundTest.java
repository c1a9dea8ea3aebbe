package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.proxy.ProxyConfiguration;
import io.quarkus.proxy.ProxyType;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proxy's settings say which hosts are called through it. */
class OutboundTest {

    private record Proxy(String host, int port, Optional<List<String>> nonProxyHosts) implements ProxyConfiguration {

        @Override
        public Optional<String> username() {
            return Optional.of("gateway");
        }

        @Override
        public Optional<String> password() {
            return Optional.of("secret");
        }

        @Override
        public Optional<Duration> proxyConnectTimeout() {
            return Optional.empty();
        }

        @Override
        public ProxyType type() {
            return ProxyType.HTTP;
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "hooks.example,              true",
        "internal.example,           true",
        "xinternalxexample,          true",
        "a.internal.example,         false",
        "direct.example,             false",
        "direct.example.evil.example, true",
        "localhost,                  false",
        "127.0.0.1,                  false",
        "[::1],                      false",
    })
    void all_but_the_excepted_hosts_and_this_machine_are_called_through_the_proxy(String host, boolean through) {
        Proxy proxy = new Proxy("proxy.example", 3128, Optional.of(List.of("*.internal.example", "direct.example")));
        RequestOptions request = new RequestOptions().setHost(host);

        new Outbound(null, name -> Optional.of(proxy)).route(request);

        ProxyOptions used = request.getProxyOptions();
        assertThat(used != null).isEqualTo(through);
        if (through) {
            assertThat(used.getHost() + ":" + used.getPort()).isEqualTo("proxy.example:3128");
            assertThat(used.getUsername()).isEqualTo("gateway");
        }
    }

    @Test
    void without_a_proxy_all_are_called_directly() {
        RequestOptions request = new RequestOptions().setHost("hooks.example");

        new Outbound(null, name -> Optional.empty()).route(request);

        assertThat(request.getProxyOptions()).isNull();
    }
}
