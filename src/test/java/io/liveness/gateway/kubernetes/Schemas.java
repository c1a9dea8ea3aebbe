package io.liveness.gateway.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.liveness.gateway.contract.Node;
import io.liveness.gateway.testsupport.process.Command.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Kubernetes' own schemas: what they require, and which values they know. They put up with fields that they do not know. */
final class Schemas {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Node ready;

    private Schemas() {}

    /** A line for each object that breaks its schema; empty when there is none. */
    static String broken(String yaml) {
        Node node = ready();
        try {
            Path objects = Files.createTempFile(Path.of("target", "kubernetes"), "objects", ".json")
                    .toAbsolutePath();
            JSON.writeValue(objects.toFile(), StrictReader.documents(yaml));
            Result result = node.node("validate.js", objects.toString());
            Files.delete(objects);
            return result.exitCode() == 0 ? "" : result.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Node ready() {
        if (ready == null) {
            ready = Node.ready("kubernetes");
        }
        return ready;
    }
}
