package io.liveness.gateway.testsupport.contract;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parts of a request or an answer that a contract describes. */
public final class Exchange {

    private Exchange() {}

    /**
     * @param target path and query as sent
     * @param headers by name, whatever its case
     */
    public record Request(String method, String target, Map<String, List<String>> headers, byte[] body) {

        public Request {
            headers = ignoringCase(headers);
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

    /** @param headers by name, whatever its case */
    public record Answer(int status, Map<String, List<String>> headers, byte[] body) {

        public Answer {
            headers = ignoringCase(headers);
        }
    }

    private static Map<String, List<String>> ignoringCase(Map<String, List<String>> headers) {
        Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        map.putAll(headers);
        return map;
    }
}
