package io.liveness.gateway.testsupport.contract.requests;

import io.liveness.gateway.testsupport.contract.Exchange.Request;
import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A request of which one part can be changed. Headers and target are sent unchanged, one byte for each char. */
public record Draft(String method, String target, Map<String, List<String>> headers, byte[] body) {

    static final String FRESH = "fresh-";

    private static final AtomicLong COUNTER = new AtomicLong();

    static Draft of(String method, String target) {
        return new Draft(method, target, Map.of(), new byte[0]);
    }

    Draft method(String other) {
        return new Draft(other, target, headers, body);
    }

    Draft target(String other) {
        return new Draft(method, other, headers, body);
    }

    Draft body(byte[] other) {
        return new Draft(method, target, headers, other);
    }

    public Draft body(String other) {
        return body(other.getBytes(StandardCharsets.UTF_8));
    }

    public Draft header(String name, String... values) {
        Map<String, List<String>> changed = new LinkedHashMap<>(headers);
        changed.remove(name);
        if (values.length > 0) {
            changed.put(name, List.of(values));
        }
        return new Draft(method, target, changed, body);
    }

    public Draft query(String name, String... escaped) {
        StringBuilder changed = new StringBuilder(target);
        List<String> values = new ArrayList<>(List.of(escaped));
        for (String value : values) {
            changed.append(changed.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(value);
        }
        return target(changed.toString());
    }

    /** As a value in an address. */
    static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public Request request() {
        return new Request(method, target, headers, body);
    }

    /** With a new value in each header that holds {@link #FRESH}. */
    public Draft renewed() {
        Draft renewed = this;
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
}
