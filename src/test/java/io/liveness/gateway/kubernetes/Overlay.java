package io.liveness.gateway.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.liveness.gateway.testsupport.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The objects of an overlay of {@code k8s/}, as kubectl renders them. */
record Overlay(List<JsonNode> objects) {

    static final Path MANIFESTS = Path.of("k8s").toAbsolutePath();

    /** @param name of a directory of {@code k8s/overlays} */
    static Overlay of(String name) {
        return in(MANIFESTS.resolve("overlays").resolve(name));
    }

    /** @param directory with a {@code kustomization.yaml} */
    static Overlay in(Path directory) {
        String rendered = Command.succeed(MANIFESTS, "kubectl", "kustomize", directory.toString());
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(rendered)) {
            return new Overlay(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    JsonNode one(String kind, String name) {
        return all(kind)
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + " " + name));
    }

    /** The one that migrates. */
    JsonNode migration() {
        return all("Job").findFirst().orElseThrow();
    }

    /** The variables of the containers that a Deployment or a Job has. */
    Map<String, String> environment(JsonNode workload) {
        Map<String, String> environment = new TreeMap<>();
        for (JsonNode container : pod(workload).path("containers")) {
            for (JsonNode from : container.path("envFrom")) {
                environment.putAll(
                        texts(one("ConfigMap", from.at("/configMapRef/name").asText())));
            }
            for (JsonNode variable : container.path("env")) {
                environment.put(
                        variable.path("name").asText(), variable.path("value").asText());
            }
        }
        return environment;
    }

    /** Each Secret of the pods by the directory where it is mounted; every key of it is a file there. */
    static Map<String, String> mountedSecrets(JsonNode workload) {
        Map<String, String> mounted = new TreeMap<>();
        for (JsonNode mount : pod(workload).at("/containers/0/volumeMounts")) {
            StreamSupport.stream(pod(workload).path("volumes").spliterator(), false)
                    .filter(volume -> volume.path("name").equals(mount.path("name")))
                    .map(volume -> volume.path("secret"))
                    .filter(secret -> !secret.isMissingNode() && !secret.has("items"))
                    .forEach(secret -> mounted.put(
                            mount.path("mountPath").asText(),
                            secret.path("secretName").asText()));
        }
        return mounted;
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    /** The data of a ConfigMap or a Secret. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> data = new TreeMap<>();
        object.path("data")
                .properties()
                .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
        return data;
    }
}
