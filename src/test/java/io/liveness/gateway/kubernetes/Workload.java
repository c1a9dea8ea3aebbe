package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.Map;
import java.util.stream.Stream;

/** A Deployment, StatefulSet or Job, and the pods it makes. */
record Workload(HasMetadata object, PodTemplateSpec template) {

    /** For sentences. */
    String name() {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Stream<Container> containers() {
        return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream());
    }

    /** Of the gateway's own image, in whatever registry a site has it. */
    boolean isGateway() {
        return hasImage("liveness-gateway");
    }

    boolean isSandbox() {
        return hasImage("liveness-gateway-sandbox");
    }

    private boolean hasImage(String name) {
        return containers().anyMatch(container -> container.getImage().matches("(.*/)?" + name + "([:@].*)?"));
    }

    /** Not a Job, which ends by itself. */
    boolean serves() {
        return !(object instanceof Job);
    }

    /** The Secrets and ConfigMaps that it cannot start without, as in {@code Secret liveness-gateway}. */
    Stream<String> references() {
        Stream<String> secrets = pod().getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .map(volume -> "Secret " + volume.getSecret().getSecretName());
        Stream<String> maps = pod().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .map(volume -> "ConfigMap " + volume.getConfigMap().getName());
        Stream<String> environment = containers()
                .flatMap(container -> container.getEnvFrom().stream())
                .map(from -> "ConfigMap " + from.getConfigMapRef().getName());
        return Stream.of(secrets, maps, environment).flatMap(names -> names);
    }

    /** The names of volumes that a StatefulSet claims for each of its pods. */
    Stream<String> claims() {
        return object instanceof StatefulSet set
                ? set.getSpec().getVolumeClaimTemplates().stream()
                        .map(claim -> claim.getMetadata().getName())
                : Stream.of();
    }

    boolean hasPort(String name) {
        return pod().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getName)
                .anyMatch(name::equals);
    }
}
