package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The objects of an overlay. */
record Manifests(List<HasMetadata> objects) {

    static Manifests read(String yaml) {
        return new Manifests(StrictReader.read(yaml));
    }

    static Manifests of(String overlay) {
        return read(Kustomize.overlays().get(overlay));
    }

    <T extends HasMetadata> Stream<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast);
    }

    <T extends HasMetadata> T one(Class<T> kind, String name) {
        return all(kind)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind.getSimpleName() + " " + name));
    }

    /** What makes pods. */
    Stream<Workload> workloads() {
        return Stream.of(
                        all(Deployment.class)
                                .map(o -> new Workload(o, o.getSpec().getTemplate())),
                        all(StatefulSet.class)
                                .map(o -> new Workload(o, o.getSpec().getTemplate())),
                        all(Job.class).map(o -> new Workload(o, o.getSpec().getTemplate())))
                .flatMap(workloads -> workloads);
    }

    /** Those whose pods have all of these labels. */
    Stream<Workload> selected(Map<String, String> labels) {
        return workloads()
                .filter(workload -> workload.labels()
                        .entrySet()
                        .containsAll(Objects.requireNonNullElse(labels, Map.<String, String>of())
                                .entrySet()));
    }
}
