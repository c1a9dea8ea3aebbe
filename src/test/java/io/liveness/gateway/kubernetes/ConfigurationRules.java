package io.liveness.gateway.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.liveness.gateway.testsupport.configuration.KnownProperties;
import io.liveness.gateway.testsupport.configuration.Mappings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for the service's configuration: it is complete and has no unknown property. */
final class ConfigurationRules {

    static final List<Rule> ALL = List.of(
            ConfigurationRules::variables,
            ConfigurationRules::secretFiles,
            ConfigurationRules::values,
            ConfigurationRules::secretsUsed,
            ConfigurationRules::there,
            ConfigurationRules::timeToStop);

    private static final String LOCATIONS = "SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS";
    private static final String PROFILE = "QUARKUS_PROFILE";
    private static final KnownProperties SERVICE = KnownProperties.OF_THE_SERVICE;
    private static final KnownProperties SANDBOX = KnownProperties.OF_THE_SANDBOX;

    private ConfigurationRules() {}

    private static Stream<String> variables(Manifests all) {
        return all.workloads()
                .filter(workload -> workload.isGateway() || workload.isSandbox())
                .flatMap(workload -> environment(all, workload).keySet().stream()
                        .filter(name -> !(workload.isGateway() ? SERVICE : SANDBOX)
                                .variables()
                                .contains(name))
                        .map(name -> workload.name() + " has the variable " + name + ", which is no property of it"));
    }

    /** Each file of a directory that is read as configuration is named after a property. */
    private static Stream<String> secretFiles(Manifests all) {
        return gateways(all).flatMap(workload -> {
            Set<String> read = Set.of(
                    environment(all, workload).getOrDefault(LOCATIONS, "").split(","));
            Map<String, SecretVolumeSource> whole = wholeSecrets(workload);
            Stream<String> unread = whole.keySet().stream()
                    .filter(directory -> !read.contains(directory))
                    .map(directory -> workload.name() + " does not read " + directory);
            Stream<String> empty = read.stream()
                    .filter(directory -> !whole.containsKey(directory))
                    .map(directory -> workload.name() + " reads " + directory + ", where no Secret is mounted");
            Stream<String> unknown = whole.values().stream()
                    .flatMap(secret -> keys(all, secret.getSecretName()).stream())
                    .filter(key -> !SERVICE.names().contains(key))
                    .map(key -> workload.name() + " has the secret " + key + ", which is no property of it");
            return Stream.of(unread, empty, unknown).flatMap(sentences -> sentences);
        });
    }

    /** By the mappings' own word: each value that is required is there, and is one of its type. */
    private static Stream<String> values(Manifests all) {
        return gateways(all).flatMap(workload -> {
            Map<String, String> given = environment(all, workload);
            wholeSecrets(workload).values().stream()
                    .flatMap(secret -> keys(all, secret.getSecretName()).stream())
                    .forEach(key -> given.put(KnownProperties.variable(key), "a secret"));
            if (given.containsKey(PROFILE)) {
                KnownProperties.ofProfile(given.get(PROFILE))
                        .forEach((name, value) -> given.put(KnownProperties.variable(name), value));
            }
            return Mappings.OF_THE_SERVICE.problems(given).map(problem -> workload.name() + ": " + problem);
        });
    }

    private static Stream<String> secretsUsed(Manifests all) {
        return all.all(Secret.class).flatMap(secret -> {
            String name = secret.getMetadata().getName();
            Set<String> used = all.workloads()
                    .flatMap(workload -> workload.pod().getVolumes().stream())
                    .map(Volume::getSecret)
                    .filter(source -> source != null && source.getSecretName().equals(name))
                    .flatMap(source -> source.getItems().isEmpty()
                            ? secret.getData().keySet().stream()
                            : source.getItems().stream().map(item -> item.getKey()))
                    .collect(Collectors.toSet());
            return secret.getData().keySet().stream()
                    .filter(key -> !used.contains(key))
                    .map(key -> "Secret " + name + " has " + key + ", which is used by none");
        });
    }

    /** Each Secret and ConfigMap that is named is rendered, or made by what the documents say. */
    private static Stream<String> there(Manifests all) {
        Set<String> made = Stream.of(
                        all.all(Secret.class)
                                .map(o -> "Secret " + o.getMetadata().getName()),
                        all.all(ConfigMap.class)
                                .map(o -> "ConfigMap " + o.getMetadata().getName()),
                        MadeOutside.names())
                .flatMap(names -> names)
                .collect(Collectors.toSet());
        return all.workloads()
                .flatMap(workload -> workload.references()
                        .filter(reference -> !made.contains(reference))
                        .map(reference -> workload.name() + " names the " + reference + ", which is not made"));
    }

    private static Stream<String> timeToStop(Manifests all) {
        return gateways(all)
                .filter(Workload::serves)
                .filter(workload -> {
                    Map<String, String> environment = environment(all, workload);
                    long stopping = Stream.of(
                                    "QUARKUS_SHUTDOWN_DELAY", "QUARKUS_SHUTDOWN_TIMEOUT", "LIVENESS_POLL_STOP_TIMEOUT")
                            .mapToLong(
                                    name -> Long.parseLong(environment.get(name).replaceFirst("s$", "")))
                            .sum();
                    return workload.pod().getTerminationGracePeriodSeconds() <= stopping;
                })
                .map(workload -> workload.name() + " is killed before it has stopped");
    }

    static Map<String, String> environment(Manifests all, Workload workload) {
        Map<String, String> environment = new TreeMap<>();
        workload.containers().forEach(container -> {
            container.getEnvFrom().stream()
                    .map(from -> from.getConfigMapRef().getName())
                    .map(name -> all.one(ConfigMap.class, name))
                    .forEach(map -> environment.putAll(map.getData()));
            environment.putAll(
                    container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue)));
        });
        return environment;
    }

    /** By the directory that it is mounted at, each Secret of which every key is there. */
    static Map<String, SecretVolumeSource> wholeSecrets(Workload workload) {
        Map<String, SecretVolumeSource> secrets = workload.pod().getVolumes().stream()
                .filter(volume -> volume.getSecret() != null
                        && volume.getSecret().getItems().isEmpty())
                .collect(Collectors.toMap(Volume::getName, Volume::getSecret));
        return workload.containers()
                .flatMap(container -> container.getVolumeMounts().stream())
                .filter(mount -> secrets.containsKey(mount.getName()))
                .collect(Collectors.toMap(VolumeMount::getMountPath, mount -> secrets.get(mount.getName())));
    }

    private static Set<String> keys(Manifests all, String secret) {
        return all.all(Secret.class)
                .filter(rendered -> rendered.getMetadata().getName().equals(secret))
                .findFirst()
                .map(rendered -> rendered.getData().keySet())
                .orElseGet(() -> MadeOutside.keys(secret));
    }

    private static Stream<Workload> gateways(Manifests all) {
        return all.workloads().filter(Workload::isGateway);
    }

    /** Objects that no overlay renders: a site makes them by {@code k8s/README.md} or {@code k8s/examples/external-secrets.yaml}, or Kubernetes does. */
    private static final class MadeOutside {

        private static final Path EXAMPLE = Path.of("k8s", "examples", "external-secrets.yaml");

        private static final Path README = Path.of("k8s", "README.md");
        /** A command, which begins a line or is set apart in one. */
        private static final Pattern CREATE =
                Pattern.compile("(?m)(?:^|`)kubectl -n liveness create (configmap|secret tls) ([\\w.-]+) --");

        private static final String BY_KUBERNETES = "ConfigMap kube-root-ca.crt";

        private MadeOutside() {}

        /** With their kinds, as in {@code Secret liveness-gateway}. */
        static Stream<String> names() {
            Stream<String> byOperator = externalSecrets().stream()
                    .map(secret -> "Secret " + secret.at("/spec/target/name").asText());
            return Stream.of(byHand(read(README)), byOperator, Stream.of(BY_KUBERNETES))
                    .flatMap(names -> names);
        }

        static Stream<String> byHand(String document) {
            return CREATE.matcher(document)
                    .results()
                    .map(found -> (found.group(1).equals("configmap") ? "ConfigMap " : "Secret ") + found.group(2));
        }

        static Set<String> keys(String secret) {
            return externalSecrets().stream()
                    .filter(external ->
                            external.at("/spec/target/name").asText().equals(secret))
                    .flatMap(external -> external.at("/spec/data").findValuesAsText("secretKey").stream())
                    .collect(Collectors.toSet());
        }

        private static List<JsonNode> externalSecrets() {
            return StrictReader.documents(read(EXAMPLE));
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
