package io.liveness.gateway.platform.postgres.connection;

import io.liveness.gateway.platform.security.Loopback;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An address of PostgreSQL as either driver takes it: {@code postgresql://host:port,…/db?sslmode=…}, for JDBC with
 * {@code jdbc:} in front.
 *
 * @param hosts as they are written, without ports; a path is a Unix socket
 * @param parameters {@code name=value} each, decoded
 */
record DatabaseAddress(List<String> hosts, List<String> parameters) {

    /** With one of these a connection without TLS is not made; with the others, {@code prefer} included, it may be. */
    private static final Set<String> ENCRYPTED = Set.of("require", "verify-ca", "verify-full");

    private static final Set<String> HOST_PARAMETERS = Set.of("host", "hostaddr", "PGHOST");

    static DatabaseAddress parse(String url) {
        String rest = url.strip().replaceFirst("(?i)^((jdbc|vertx-reactive):)?postgres(ql)?:", "");
        int question = rest.indexOf('?');
        List<String> parameters = question < 0
                ? List.of()
                : Arrays.stream(rest.substring(question + 1).split("&"))
                        .map(DatabaseAddress::decode)
                        .toList();
        List<String> hosts = new ArrayList<>(hosts(question < 0 ? rest : rest.substring(0, question)));
        parameters.stream()
                .filter(parameter -> HOST_PARAMETERS.contains(name(parameter)))
                .map(DatabaseAddress::value)
                .flatMap(value -> Stream.of(value.split(",")))
                .forEach(hosts::add);
        return new DatabaseAddress(hosts, parameters);
    }

    private static List<String> hosts(String authorityAndPath) {
        if (!authorityAndPath.startsWith("//")) {
            return List.of(); // only a database: it is on this machine
        }
        String authority = authorityAndPath.substring(2).split("/", 2)[0];
        return Arrays.stream(authority.substring(authority.lastIndexOf('@') + 1).split(","))
                .map(host -> decode(host.replaceFirst(":\\d*$", "")))
                .toList();
    }

    /** The first host that is not this machine. */
    Optional<String> remoteHost() {
        return hosts.stream().filter(host -> !isLocal(host)).findFirst();
    }

    /** The mode that the address asks for. */
    Optional<String> sslMode() {
        return parameter("sslmode");
    }

    /** As {@link #sslMode()}; with JDBC, {@code ssl} alone means {@code verify-full}. */
    Optional<String> jdbcSslMode() {
        return sslMode()
                .or(() -> Optional.of("verify-full")
                        .filter(mode -> parameters.contains("ssl=true") || parameters.contains("ssl")));
    }

    static boolean encrypts(String mode) {
        return ENCRYPTED.contains(mode.strip().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private Optional<String> parameter(String name) {
        return parameters.stream()
                .filter(parameter -> name(parameter).equals(name))
                .map(DatabaseAddress::value)
                .reduce((first, last) -> last);
    }

    private static boolean isLocal(String host) {
        return host.isEmpty() || host.startsWith("/") || host.startsWith("@") || Loopback.is(host);
    }

    private static String name(String parameter) {
        return parameter.split("=", 2)[0];
    }

    private static String value(String parameter) {
        return parameter.substring(Math.min(parameter.length(), name(parameter).length() + 1));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
