package io.liveness.gateway.testsupport.contract;

import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The operations of the contract that were called. */
public final class DrivenOperations {

    // Where browsers are sent, not clients.
    private static final String FOR_BROWSERS = "/v1/return/";

    private record Call(String method, String path) {}

    private final Set<Call> called = ConcurrentHashMap.newKeySet();

    public void add(HttpRequest request) {
        called.add(new Call(request.method(), request.uri().getPath()));
    }

    /** The operations for clients that were not called. */
    public List<Operation> missing(Contract contract) {
        Set<Operation> driven = called.stream()
                .map(call -> contract.operation(call.method(), call.path()))
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        return contract.operations().stream()
                .filter(operation -> !operation.path().startsWith(FOR_BROWSERS))
                .filter(operation -> !driven.contains(operation))
                .toList();
    }
}
