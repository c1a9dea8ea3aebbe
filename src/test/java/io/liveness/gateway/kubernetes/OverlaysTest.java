package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A cluster gets the objects that {@code k8s/README.md} describes. */
class OverlaysTest {

    private static final Path KUBERNETES = Path.of("k8s");
    private static final String WAVE = "argocd.argoproj.io/sync-wave";
    private static final String COMPONENT = "app.kubernetes.io/component";

    private final Manifests production = Manifests.of(Kustomize.PRODUCTION);
    private final Manifests dev = Manifests.of(Kustomize.DEV);
    private final Manifests withComponents = Manifests.of(Kustomize.PRODUCTION_WITH_COMPONENTS);

    @Test
    void the_version_is_in_one_line_and_an_image_may_be_named_by_its_digest() {
        assertThat(images(production)).containsOnly("images.internal/liveness-gateway:1.0.0");
        assertThat(images(dev)).containsOnly("liveness-gateway:1.0.0");
        assertThat(production.all(ConfigMap.class))
                .extracting(map -> map.getMetadata().getName())
                .noneMatch(name -> name.startsWith("release"));
        assertThat(images(Manifests.of(Kustomize.PRODUCTION_BY_DIGEST)))
                .containsOnly("images.internal:5000/liveness-gateway@" + Kustomize.DIGEST);
    }

    @Test
    void each_version_has_its_own_migration() {
        assertThat(Stream.of("1.2.0-rc.1", "1.2.0-rc.2", "1.2.0")
                        .map(version -> Manifests.read(Kustomize.renderChanged("version", "1.0.0", version)))
                        .flatMap(rendered -> rendered.all(Job.class))
                        .map(job -> job.getMetadata().getName()))
                .containsExactly(
                        "liveness-gateway-migrate-1.2.0-rc.1",
                        "liveness-gateway-migrate-1.2.0-rc.2",
                        "liveness-gateway-migrate-1.2.0");
    }

    @Test
    void the_migration_has_no_secret_of_the_service_and_goes_to_the_database_alone() {
        Workload migration = production
                .workloads()
                .filter(workload -> !workload.serves())
                .findFirst()
                .orElseThrow();

        assertThat(migration.references())
                .containsExactlyInAnyOrder(
                        "Secret liveness-gateway-owner",
                        "ConfigMap liveness-gateway-migration",
                        "ConfigMap liveness-gateway-database-ca");
        assertThat(ConfigurationRules.environment(production, migration).keySet())
                .noneMatch(variable -> variable.startsWith("JUMDATA_"));
        assertThat(production
                        .all(NetworkPolicy.class)
                        .filter(policy -> policy.getSpec().getPolicyTypes().contains("Egress"))
                        .filter(policy -> !policy.getSpec().getEgress().isEmpty())
                        .filter(policy -> migration
                                .labels()
                                .entrySet()
                                .containsAll(policy.getSpec()
                                        .getPodSelector()
                                        .getMatchLabels()
                                        .entrySet()))
                        .map(policy -> policy.getMetadata().getName()))
                .containsExactlyInAnyOrder("liveness-gateway-dns", "liveness-gateway-database");
    }

    /** Argo CD by waves, Flux by two Kustomizations, of which each deletes what is the other's. */
    @Test
    void what_applies_by_itself_migrates_before_it_rolls_out() throws IOException {
        assertThat(production.objects().stream()
                        .filter(object -> object.getMetadata().getAnnotations() != null)
                        .filter(object ->
                                "1".equals(object.getMetadata().getAnnotations().get(WAVE)))
                        .map(HasMetadata::getKind))
                .containsExactlyInAnyOrder("Deployment", "HorizontalPodAutoscaler");
        List<Set<String>> applied = new ArrayList<>();
        for (JsonNode step : StrictReader.documents(Files.readString(KUBERNETES.resolve("examples/flux.yaml")))) {
            String patches = new YAMLMapper().writeValueAsString(Map.of("patches", step.at("/spec/patches")));
            applied.add(
                    Manifests.read(Kustomize.renderProductionWith("flux", patches.replaceFirst("---\n", "")))
                            .objects()
                            .stream()
                            .map(OverlaysTest::name)
                            .collect(Collectors.toSet()));
        }
        assertThat(applied.get(0))
                .contains("Job liveness-gateway-migrate-1.0.0")
                .doesNotContainAnyElementsOf(applied.get(1));
        assertThat(applied.get(1)).contains("Deployment liveness-gateway");
        assertThat(applied.stream().flatMap(Set::stream))
                .containsExactlyInAnyOrderElementsOf(
                        production.objects().stream().map(OverlaysTest::name).toList());
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    @Test
    void all_that_the_migration_needs_is_applied_by_its_label() {
        Map<Boolean, List<HasMetadata>> byLabel = production.objects().stream()
                .collect(Collectors.partitioningBy(
                        object -> "migration".equals(labels(object).get(COMPONENT))));
        Manifests first = new Manifests(byLabel.get(true));
        Stream<String> later = byLabel.get(false).stream().map(OverlaysTest::name);

        assertThat(first.workloads()).hasSize(1);
        assertThat(first.workloads().flatMap(Workload::references)).doesNotContainAnyElementsOf(later.toList());
    }

    @Test
    void the_proxy_takes_the_place_of_the_vendors_addresses_and_of_no_others() {
        assertThat(policy(withComponents, "liveness-gateway-egress"))
                .isEqualTo(policy(production, "liveness-gateway-egress"));
        assertThat(policy(withComponents, "liveness-gateway-vendor").getSpec().getEgress())
                .singleElement()
                .satisfies(way -> assertThat(way.getTo())
                        .singleElement()
                        .satisfies(
                                peer -> assertThat(peer.getNamespaceSelector().getMatchLabels())
                                        .containsValue("egress")));
    }

    @Test
    void what_the_autoscaler_reads_is_what_the_adapter_serves() throws IOException {
        String adapter = Files.readString(KUBERNETES.resolve("components/autoscale-by-load/prometheus-adapter.yaml"));

        assertThat(withComponents
                        .one(HorizontalPodAutoscaler.class, "liveness-gateway")
                        .getSpec()
                        .getMetrics())
                .filteredOn(metric -> metric.getPods() != null)
                .hasSize(2)
                .extracting(metric -> metric.getPods().getMetric().getName())
                .allSatisfy(name -> assertThat(adapter).containsAnyOf("seriesQuery: '" + name + "{", "as: " + name));
    }

    @Test
    void the_example_of_a_caller_is_let_in() throws IOException {
        Manifests caller = Manifests.read(Files.readString(KUBERNETES.resolve("examples/caller.yaml")));

        assertThat(caller.one(Namespace.class, "shop").getMetadata().getLabels())
                .containsAllEntriesOf(policy(production, "liveness-gateway-api")
                        .getSpec()
                        .getIngress()
                        .get(0)
                        .getFrom()
                        .get(0)
                        .getNamespaceSelector()
                        .getMatchLabels());
        assertThat(caller.one(Pod.class, "checkout").getSpec().getVolumes())
                .flatExtracting(volume -> volume.getProjected().getSources())
                .extracting(source -> source.getServiceAccountToken().getAudience())
                .containsExactly(environment(production).get("QUARKUS_OIDC_TOKEN_AUDIENCE"));
    }

    private static Stream<String> images(Manifests all) {
        return all.workloads()
                .filter(Workload::isGateway)
                .flatMap(Workload::containers)
                .map(container -> container.getImage());
    }

    private static Map<String, String> environment(Manifests all) {
        return all.workloads()
                .filter(Workload::isGateway)
                .filter(Workload::serves)
                .findFirst()
                .map(workload -> ConfigurationRules.environment(all, workload))
                .orElseThrow();
    }

    private static NetworkPolicy policy(Manifests all, String name) {
        return all.one(NetworkPolicy.class, name);
    }

    private static Map<String, String> labels(HasMetadata object) {
        return object.getMetadata().getLabels() == null
                ? Map.of()
                : object.getMetadata().getLabels();
    }
}
