package io.liveness.gateway.platform.http;

import io.liveness.gateway.platform.security.Loopback;
import io.quarkus.proxy.ProxyConfiguration;
import io.quarkus.proxy.ProxyConfigurationRegistry;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.tls.runtime.config.TlsConfigUtils;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How connections leave the company, as Quarkus' registries have it: by whose certificates, and by which proxy. */
@Singleton
public class Outbound {

    private final TlsConfigurationRegistry tls;
    private final Optional<ProxyConfiguration> proxy;

    Outbound(TlsConfigurationRegistry tls, ProxyConfigurationRegistry proxies) {
        this.tls = tls;
        this.proxy = proxies.get(Optional.empty());
    }

    /** A client of so many connections to a host, which logs nothing of what comes over them. */
    public static HttpClient client(Vertx vertx, HttpClientOptions options, int toOneHost) {
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(toOneHost))
                // Vert.x logs each failure without a handler, with what the other side sent.
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
    }

    /** Trusted authorities are {@code quarkus.tls.<name>.…}, else {@code quarkus.tls.…}, else Java's default. */
    public void trust(String name, HttpClientOptions options) {
        tls.get(name).or(tls::getDefault).ifPresent(chosen -> TlsConfigUtils.configure(options, chosen));
    }

    /**
     * The request goes through {@code quarkus.proxy.…}, unless its {@code non-proxy-hosts} have the host, or the host
     * is this machine.
     */
    public void route(RequestOptions request) {
        proxy.filter(through -> !Loopback.is(request.getHost()))
                .filter(through -> through.nonProxyHosts().orElse(List.of()).stream()
                        .noneMatch(pattern -> matches(pattern, request.getHost())))
                .map(Outbound::options)
                .ifPresent(request::setProxyOptions);
    }

    private static boolean matches(String pattern, String host) {
        return Pattern.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"), host);
    }

    private static ProxyOptions options(ProxyConfiguration through) {
        return new ProxyOptions()
                .setType(ProxyType.valueOf(through.type().name()))
                .setHost(through.host())
                .setPort(through.port())
                .setUsername(through.username().orElse(null))
                .setPassword(through.password().orElse(null));
    }
}
