package io.liveness.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.configuration.KnownProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules that no schema has. */
class RulesTest {

    private static final Pattern SETTING = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=");

    static Set<String> overlays() {
        return Kustomize.overlays().keySet();
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void each_overlay_keeps_the_rules(String overlay) {
        assertThat(broken(Manifests.of(overlay))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "port: management, port: managment, 'Deployment liveness-gateway probes the port managment, which it has not'",
        "'cpu: 250m', 'ephemeral-storage: 1Gi', Deployment liveness-gateway has no request of cpu",
        "'          limits:\n            memory: 256Mi\n', '', Deployment liveness-gateway has no limit of memory",
        "'          limits:\n', '          limits:\n            cpu: 1\n', Deployment liveness-gateway has a limit on cpu",
        "liveness-gateway:1.0.0, liveness-gateway:latest, which is not pinned",
        "images.internal/liveness-gateway:1.0.0, images.internal:5000/liveness-gateway, which is not pinned",
        "'- mountPath: /etc/liveness/database\n          name: database-ca', '- mountPath: /etc/liveness/database\n          name: temp', Deployment liveness-gateway has no volume temp",
        "'- mountPath: /etc/liveness/database\n          name: database-ca', '- mountPath: /etc/liveness/database\n          name: secrets', Deployment liveness-gateway mounts the volume database-ca nowhere",
        "readOnlyRootFilesystem: true, readOnlyRootFilesystem: false, Deployment liveness-gateway may write to its root file system",
        "allowPrivilegeEscalation: false, allowPrivilegeEscalation: true, Deployment liveness-gateway may gain privileges",
        "'            - ALL', '            - NET_RAW', Deployment liveness-gateway keeps capabilities",
        "runAsNonRoot: true, runAsNonRoot: false, Deployment liveness-gateway may run as root",
        "'    spec:\n      automountServiceAccountToken: false', '    spec:\n      automountServiceAccountToken: true', Deployment liveness-gateway has a service account's token mounted",
    })
    void a_mistake_in_a_pod_is_found(String right, String wrong, String sentence) {
        found(right, wrong, sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "'    matchLabels:\n      app.kubernetes.io/component: gateway', '    matchLabels:\n      app.kubernetes.io/component: gate', Deployment liveness-gateway does not select its own pods",
        "'  selector:\n    app.kubernetes.io/component: gateway', '  selector:\n    app.kubernetes.io/component: gate', Service liveness-gateway selects no pods",
        "targetPort: api, targetPort: http, 'Service liveness-gateway names the port http, which Deployment liveness-gateway has not'",
        "'  - interval: 15s\n    path: /q/metrics\n    port: management', '  - port: metrics', 'ServiceMonitor liveness-gateway reads the port metrics, which its Service has not'",
        "'    matchLabels:\n      app.kubernetes.io/component: management', '    matchLabels:\n      app.kubernetes.io/component: metrics', ServiceMonitor liveness-gateway selects no Service",
        "'    - port: api', '    - port: http', 'NetworkPolicy liveness-gateway-api names the port http'",
        "'  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: liveness-gateway', '  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: gateway', selects no pods",
        "'    name: liveness-gateway\n---', '    name: gateway\n---', 'HorizontalPodAutoscaler scales gateway, which there is not'",
        "'  revisionHistoryLimit: 5', '  replicas: 3', 'Deployment liveness-gateway has a number of replicas, which its autoscaler sets'",
        "'  maxUnavailable: 1\n  selector:\n    matchLabels:\n', '  maxUnavailable: 1\n  selector:\n    matchLabels:\n      a: b\n', PodDisruptionBudget liveness-gateway selects no pods",
    })
    void a_name_that_leads_nowhere_is_found(String right, String wrong, String sentence) {
        found(right, wrong, sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "JUMDATA_APP_ID, JUMDATA_APPID, 'Deployment liveness-gateway has the variable JUMDATA_APPID, which is no property of it'",
        "JUMDATA_APP_ID, JUMDATA_APPID, jumdata.app-id is required",
        "QUARKUS_REST_CLIENT, QUARKUS_RESTCLIENT, QUARKUS_RESTCLIENT",
        "QUARKUS_FLYWAY_MIGRATE_AT_START, QUARKUS_MANAGEMENT_ENABLED, QUARKUS_MANAGEMENT_ENABLED",
        "jumdata.app-secret, jumdata.secret, 'has the secret jumdata.secret, which is no property of it'",
        "jumdata.app-secret, jumdata.secret, jumdata.app-secret is required",
        "'value: /etc/liveness/secrets\n', 'value: /etc/liveness/secret\n', 'Deployment liveness-gateway reads /etc/liveness/secret, where no Secret is mounted'",
        "'value: /etc/liveness/secrets\n', 'value: /etc/liveness/secret\n', Deployment liveness-gateway does not read /etc/liveness/secrets",
        "'quarkus.datasource.password:', 'quarkus.datasource.word:', 'has the secret quarkus.datasource.word, which is no property of it'",
        "secretName: liveness-gateway-sandbox, secretName: sandbox, 'Deployment liveness-gateway names the Secret sandbox, which is not made'",
        "secretName: postgres-, secretName: another-, 'has password, which is used by none'",
        "'JUMDATA_CALLS_PER_SECOND: \"10\"', 'JUMDATA_CALLS_PER_SECOND: ten', ten",
        "SANDBOX_PORT, SANDBOX_PROT, 'Deployment liveness-gateway-sandbox has the variable SANDBOX_PROT, which is no property of it'",
        "terminationGracePeriodSeconds: 55, terminationGracePeriodSeconds: 45, Deployment liveness-gateway is killed before it has stopped",
    })
    void a_mistake_in_the_configuration_is_found(String right, String wrong, String sentence) {
        foundIn(Kustomize.DEV, right, wrong, sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "'- podSelector:\n        matchLabels:\n          app.kubernetes.io/name: postgres', '- podSelector:\n        matchLabels:\n          app.kubernetes.io/name: postgresql', NetworkPolicy liveness-gateway-database lets go to no pods",
        "'  - ports:\n    - port: postgres', '  - ports:\n    - port: database', 'NetworkPolicy liveness-gateway-database names the port database, which StatefulSet postgres has not'",
    })
    void a_way_out_that_leads_nowhere_is_found(String right, String wrong, String sentence) {
        foundIn(Kustomize.DEV, right, wrong, sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "name: liveness-gateway-migrate-1.0.0, name: liveness-gateway-migrate_1.0.0, Job liveness-gateway-migrate_1.0.0 has a name that is not allowed",
        "name: liveness-gateway-egress, name: liveness-gateway.egress, NetworkPolicy liveness-gateway.egress has a name that is not allowed",
        "'version: 1.0.0\n  name: liveness-gateway\n', 'version: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  name: liveness-gateway\n', 'Deployment liveness-gateway has the label app.kubernetes.io/version'",
        "'        app.kubernetes.io/version: 1.0.0', '        app.kubernetes.io/version: 1.0.0@sha256', 'with 1.0.0@sha256, which is no value of a label'",
    })
    void a_name_or_label_that_kubernetes_refuses_is_found(String right, String wrong, String sentence) {
        found(right, wrong, sentence);
    }

    @Test
    void a_property_that_is_shown_without_a_value_is_a_property_too() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
            List<Path> environments =
                    files.filter(file -> file.toString().endsWith(".env")).toList();
            assertThat(environments).hasSize(8);
            for (Path environment : environments) {
                assertThat(SETTING.matcher(Files.readString(environment)).results())
                        .isNotEmpty()
                        .allSatisfy(setting -> assertThat(KnownProperties.OF_THE_SERVICE.variables())
                                .contains(setting.group(1)));
            }
        }
    }

    @Test
    void what_the_documents_only_speak_of_is_not_made() {
        assertThat(MadeOutside.byHand("""
                        # As `create secret tls spoken-of` does.
                        kubectl -n liveness create secret tls made --cert=tls.crt --key=tls.key
                        """)).containsExactly("Secret made");
    }

    private static void found(String right, String wrong, String sentence) {
        foundIn(Kustomize.PRODUCTION, right, wrong, sentence);
    }

    private static void foundIn(String overlay, String right, String wrong, String sentence) {
        assertThat(broken(Manifests.read(Mistakes.plant(overlay, right, wrong))))
                .anySatisfy(found -> assertThat(found).contains(sentence));
    }

    private static List<String> broken(Manifests manifests) {
        return Stream.of(NameRules.ALL, PodRules.ALL, SelectorRules.ALL, ConfigurationRules.ALL)
                .flatMap(List::stream)
                .flatMap(rule -> rule.broken(manifests))
                .toList();
    }
}
