package io.liveness.gateway.testsupport.contract;

import io.liveness.gateway.contract.Contract;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which operations of the contract were called. */
public final class DrivenOperations {

    // Where browsers are sent, not clients.
    private static final String FOR_BROWSERS = " /v1/return/";

    private final Set<String> called = ConcurrentHashMap.newKeySet();

    public void add(HttpRequest request) {
        called.add(request.method() + " " + request.uri().getPath());
    }

    public List<String> missing(Contract contract) {
        return contract.operations().keySet().stream()
                .filter(operation -> !operation.contains(FOR_BROWSERS))
                .filter(operation -> called.stream().noneMatch(call -> call.matches(asPattern(operation))))
                .toList();
    }

    private static String asPattern(String operation) {
        return operation.replaceAll("\\{[^}]+}", "[^/]+");
    }
}
