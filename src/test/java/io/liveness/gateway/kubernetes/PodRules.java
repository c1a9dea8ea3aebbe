package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rules for each pod. */
final class PodRules {

    static final List<Rule> ALL = List.of(
            each(PodRules::probedPorts),
            each(PodRules::resources),
            each(PodRules::image),
            each(PodRules::volumes),
            each(PodRules::rights));

    private static final Pattern PINNED = Pattern.compile("[^@]*[^/@:](:(?!latest$)[\\w.-]+|@sha256:[0-9a-f]{64})");

    /** As the restricted Pod Security Standard has it, and a root file system that is read only. */
    private static final Map<String, Predicate<SecurityContext>> RESTRICTED = Map.of(
            "may gain privileges", context -> Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()),
            "may write to its root file system", context -> Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()),
            "keeps capabilities",
                    context -> context.getCapabilities() != null
                            && context.getCapabilities().getDrop().equals(List.of("ALL"))
                            && context.getCapabilities().getAdd().isEmpty());

    private PodRules() {}

    private interface PodRule {

        Stream<String> broken(Workload workload);
    }

    private static Rule each(PodRule rule) {
        return manifests -> manifests
                .workloads()
                .flatMap(workload -> rule.broken(workload).map(sentence -> workload.name() + " " + sentence));
    }

    private static Stream<String> probedPorts(Workload workload) {
        return workload.containers()
                .flatMap(container -> Stream.of(
                                container.getStartupProbe(),
                                container.getLivenessProbe(),
                                container.getReadinessProbe())
                        .filter(Objects::nonNull)
                        .map(Probe::getHttpGet)
                        .filter(Objects::nonNull)
                        .map(get -> get.getPort())
                        .filter(port -> !hasPort(container, port))
                        .map(port -> "probes the port " + port.getValue() + ", which it has not"));
    }

    private static boolean hasPort(Container container, IntOrString port) {
        return container.getPorts().stream()
                .anyMatch(own -> Objects.equals(own.getName(), port.getStrVal())
                        || Objects.equals(own.getContainerPort(), port.getIntVal()));
    }

    private static Stream<String> resources(Workload workload) {
        return workload.containers().flatMap(container -> {
            Map<String, Quantity> requests = container.getResources() == null
                    ? Map.of()
                    : container.getResources().getRequests();
            Map<String, Quantity> limits = container.getResources() == null
                    ? Map.of()
                    : container.getResources().getLimits();
            return Stream.of(
                            missing(requests, "cpu", "request"),
                            missing(requests, "memory", "request"),
                            missing(limits, "memory", "limit"),
                            limits.containsKey("cpu") ? Optional.of("has a limit on cpu") : Optional.<String>empty())
                    .flatMap(Optional::stream);
        });
    }

    private static Optional<String> missing(Map<String, Quantity> given, String what, String word) {
        return given.containsKey(what) ? Optional.empty() : Optional.of("has no " + word + " of " + what);
    }

    private static Stream<String> image(Workload workload) {
        return workload.containers()
                .map(Container::getImage)
                .filter(image -> !PINNED.matcher(image).matches())
                .map(image -> "has the image " + image + ", which is not pinned");
    }

    private static Stream<String> volumes(Workload workload) {
        Set<String> mounted = workload.containers()
                .flatMap(container -> container.getVolumeMounts().stream())
                .map(VolumeMount::getName)
                .collect(Collectors.toSet());
        Stream<String> unused = workload.pod().getVolumes().stream()
                .map(Volume::getName)
                .filter(name -> !mounted.contains(name))
                .map(name -> "mounts the volume " + name + " nowhere");
        Set<String> defined = Stream.concat(
                        workload.pod().getVolumes().stream().map(Volume::getName), workload.claims())
                .collect(Collectors.toSet());
        Stream<String> missing =
                mounted.stream().filter(name -> !defined.contains(name)).map(name -> "has no volume " + name);
        return Stream.concat(unused, missing);
    }

    private static Stream<String> rights(Workload workload) {
        Stream<String> token = Boolean.FALSE.equals(workload.pod().getAutomountServiceAccountToken())
                ? Stream.of()
                : Stream.of("has a service account's token mounted");
        Stream<String> user = Optional.ofNullable(workload.pod().getSecurityContext())
                        .filter(context -> Boolean.TRUE.equals(context.getRunAsNonRoot())
                                && context.getSeccompProfile() != null
                                && "RuntimeDefault"
                                        .equals(context.getSeccompProfile().getType()))
                        .isPresent()
                ? Stream.of()
                : Stream.of("may run as root or without a seccomp profile");
        Stream<String> containers = workload.containers()
                .flatMap(container -> RESTRICTED.entrySet().stream()
                        .filter(rule -> container.getSecurityContext() == null
                                || !rule.getValue().test(container.getSecurityContext()))
                        .map(Map.Entry::getKey));
        return Stream.of(token, user, containers).flatMap(sentences -> sentences);
    }
}
