package io.liveness.gateway.testsupport.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Values that must not be in a log, each with a name. */
public final class Secrets {

    private final Map<String, String> kinds = new ConcurrentHashMap<>();

    public void add(String kind, String value) {
        kinds.put(value, kind);
    }

    public void addAll(String kind, Collection<String> values) {
        values.forEach(value -> add(kind, value));
    }

    /** Names the kind of what was found, not the secret. */
    public void assertNoneIn(List<String> lines) {
        String log = String.join("\n", lines);
        List<String> found = kinds.entrySet().stream()
                .filter(secret -> log.contains(secret.getKey()))
                .map(Map.Entry::getValue)
                .distinct()
                .toList();
        assertThat(found).as("secrets in the log").isEmpty();
    }
}
