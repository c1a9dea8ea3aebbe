package io.liveness.gateway.testsupport.contract;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A request of which one part can be changed. Headers and target are sent unchanged, one byte for each char.
 *
 * @param target path and query as sent
 * @param headers by name, whatever its case
 */
public record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {

    public static final String FRESH = "fresh-";

    private static final AtomicLong COUNTER = new AtomicLong();

    public Request {
        Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        map.putAll(headers);
        headers = map;
    }

    public static Request of(String method, String target) {
        return new Request(method, target, Map.of(), new byte[0]);
    }

    public Request method(String other) {
        return new Request(other, target, headers, body);
    }

    public Request target(String other) {
        return new Request(method, other, headers, body);
    }

    public Request body(byte[] other) {
        return new Request(method, target, headers, other);
    }

    public Request body(String other) {
        return body(other.getBytes(StandardCharsets.UTF_8));
    }

    public Request header(String name, String... values) {
        Map<String, List<String>> changed = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        changed.putAll(headers);
        changed.remove(name);
        if (values.length > 0) {
            changed.put(name, List.of(values));
        }
        return new Request(method, target, changed, body);
    }

    public Request query(String name, String... escaped) {
        StringBuilder changed = new StringBuilder(target);
        for (String value : escaped) {
            changed.append(changed.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(value);
        }
        return target(changed.toString());
    }

    /** Escapes a value for an address. */
    public static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A copy with a new value in each header that holds {@link #FRESH}. */
    public Request renewed() {
        Request renewed = this;
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            if (header.getValue().equals(List.of(FRESH))) {
                renewed = renewed.header(header.getKey(), FRESH + COUNTER.incrementAndGet());
            }
        }
        return renewed;
    }

    public byte[] wire() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target)
                .append(" HTTP/1.1\r\nHost: localhost\r\n");
        headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        wire.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        wire.writeBytes(body);
        return wire.toByteArray();
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        int start = target.indexOf('?');
        if (start >= 0) {
            for (String pair : target.substring(start + 1).split("&")) {
                String[] parts = pair.split("=", 2);
                query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                        .add(parts.length < 2 ? "" : decoded(parts[1]));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
