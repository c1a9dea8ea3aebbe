package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules for names and labels that Kubernetes accepts without a warning. */
final class NameRules {

    static final List<Rule> ALL = List.of(NameRules::names, NameRules::labels);

    /** A DNS label: pods and addresses are named after many an object. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** A Job's pods are named after it with the dots of its version. */
    private static final Pattern NAME_OF_A_JOB = Pattern.compile("(?=.{1,57}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([\\w.-]{0,61}[A-Za-z0-9])?)?");

    private NameRules() {}

    private static Stream<String> names(Manifests all) {
        return all.objects().stream()
                .filter(object -> !(object instanceof Job ? NAME_OF_A_JOB : NAME)
                        .matcher(object.getMetadata().getName())
                        .matches())
                .map(object -> name(object) + " has a name that is not allowed");
    }

    private static Stream<String> labels(Manifests all) {
        return Stream.concat(
                all.objects().stream()
                        .flatMap(object ->
                                labels(name(object), object.getMetadata().getLabels())),
                all.workloads().flatMap(workload -> labels(workload.name(), workload.labels())));
    }

    private static Stream<String> labels(String name, Map<String, String> labels) {
        return Objects.requireNonNullElse(labels, Map.<String, String>of()).entrySet().stream()
                .filter(label -> !VALUE.matcher(label.getValue()).matches())
                .map(label -> name + " has the label " + label.getKey() + " with " + label.getValue()
                        + ", which is no value of a label");
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
