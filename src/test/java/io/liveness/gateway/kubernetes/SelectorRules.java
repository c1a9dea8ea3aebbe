package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Rules for references between objects: each referenced object exists. */
final class SelectorRules {

    static final List<Rule> ALL = List.of(
            SelectorRules::ownPods,
            SelectorRules::services,
            SelectorRules::monitors,
            SelectorRules::ingress,
            SelectorRules::egress,
            SelectorRules::budgets,
            SelectorRules::autoscalers);

    private SelectorRules() {}

    private static Stream<String> ownPods(Manifests all) {
        return Stream.concat(
                        all.all(Deployment.class)
                                .filter(o -> !matches(
                                        o.getSpec().getSelector(),
                                        o.getSpec().getTemplate().getMetadata().getLabels())),
                        all.all(StatefulSet.class)
                                .filter(o -> !matches(
                                        o.getSpec().getSelector(),
                                        o.getSpec().getTemplate().getMetadata().getLabels())))
                .map(o -> o.getKind() + " " + o.getMetadata().getName() + " does not select its own pods");
    }

    private static Stream<String> services(Manifests all) {
        return all.all(Service.class).flatMap(service -> {
            String name = "Service " + service.getMetadata().getName();
            List<Workload> selected =
                    all.selected(service.getSpec().getSelector()).toList();
            return selected.isEmpty()
                    ? Stream.of(name + " selects no pods")
                    : service.getSpec().getPorts().stream()
                            .map(ServicePort::getTargetPort)
                            .flatMap(port -> withoutPort(selected, port))
                            .map(sentence -> name + sentence);
        });
    }

    private static Stream<String> monitors(Manifests all) {
        return all.all(ServiceMonitor.class).flatMap(monitor -> {
            String name = "ServiceMonitor " + monitor.getMetadata().getName();
            List<Service> services = all.all(Service.class)
                    .filter(service -> matches(
                            monitor.getSpec().getSelector(),
                            service.getMetadata().getLabels()))
                    .toList();
            return services.isEmpty()
                    ? Stream.of(name + " selects no Service")
                    : monitor.getSpec().getEndpoints().stream()
                            .map(endpoint -> endpoint.getPort())
                            .filter(port -> services.stream()
                                    .flatMap(service -> service.getSpec().getPorts().stream())
                                    .noneMatch(own -> own.getName().equals(port)))
                            .map(port -> name + " reads the port " + port + ", which its Service has not");
        });
    }

    private static Stream<String> ingress(Manifests all) {
        return all.all(NetworkPolicy.class).flatMap(policy -> {
            String name = "NetworkPolicy " + policy.getMetadata().getName();
            List<Workload> selected = all.selected(
                            policy.getSpec().getPodSelector().getMatchLabels())
                    .toList();
            return selected.isEmpty()
                    ? Stream.of(name + " selects no pods")
                    : policy.getSpec().getIngress().stream()
                            .flatMap(rule -> rule.getPorts().stream())
                            .flatMap(port -> withoutPort(selected, port.getPort()))
                            .map(sentence -> name + sentence);
        });
    }

    /** To pods of the same namespace; what is elsewhere is not known. */
    private static Stream<String> egress(Manifests all) {
        return all.all(NetworkPolicy.class)
                .flatMap(policy -> policy.getSpec().getEgress().stream()
                        .flatMap(rule -> rule.getTo().stream()
                                .filter(peer -> peer.getPodSelector() != null && peer.getNamespaceSelector() == null)
                                .flatMap(peer -> egress(all, peer, rule.getPorts())))
                        .map(sentence -> "NetworkPolicy " + policy.getMetadata().getName() + sentence));
    }

    private static Stream<String> egress(Manifests all, NetworkPolicyPeer peer, List<NetworkPolicyPort> ports) {
        List<Workload> selected =
                all.selected(peer.getPodSelector().getMatchLabels()).toList();
        return selected.isEmpty()
                ? Stream.of(" lets go to no pods")
                : ports.stream().flatMap(port -> withoutPort(selected, port.getPort()));
    }

    private static Stream<String> budgets(Manifests all) {
        return all.all(PodDisruptionBudget.class)
                .filter(budget -> all.selected(budget.getSpec().getSelector().getMatchLabels())
                        .findAny()
                        .isEmpty())
                .map(budget -> "PodDisruptionBudget " + budget.getMetadata().getName() + " selects no pods");
    }

    private static Stream<String> autoscalers(Manifests all) {
        return all.all(HorizontalPodAutoscaler.class).flatMap(autoscaler -> {
            String target = autoscaler.getSpec().getScaleTargetRef().getName();
            List<Deployment> deployments = all.all(Deployment.class)
                    .filter(deployment -> deployment.getMetadata().getName().equals(target))
                    .toList();
            return deployments.isEmpty()
                    ? Stream.of("HorizontalPodAutoscaler scales " + target + ", which there is not")
                    : deployments.stream()
                            .filter(deployment -> deployment.getSpec().getReplicas() != null)
                            .map(deployment ->
                                    "Deployment " + target + " has a number of replicas, which its autoscaler sets");
        });
    }

    private static Stream<String> withoutPort(List<Workload> selected, IntOrString port) {
        return selected.stream()
                .filter(workload -> port != null && port.getStrVal() != null && !workload.hasPort(port.getStrVal()))
                .map(workload -> " names the port " + port.getStrVal() + ", which " + workload.name() + " has not");
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return Objects.requireNonNullElse(labels, Map.<String, String>of())
                .entrySet()
                .containsAll(selector.getMatchLabels().entrySet());
    }
}
