package io.liveness.gateway.testsupport.configuration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.config.source.file.FileSystemConfigSourceFactory;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The properties that a process reads when it starts, by its own word: its mappings, and what each extension of Quarkus on its
 * class path says of itself. Those that are fixed by the build are none.
 *
 * @param variables the same as environment variables
 */
public record KnownProperties(Set<String> names, Set<String> variables) {

    private static final String MODEL = "META-INF/quarkus-config-doc/quarkus-config-model.json";
    private static final Pattern ANY_KEY = Pattern.compile("\"[^\"]+\"");
    /** The keys are of the overlays' own choice, see {@code components/cluster-issuer} and {@code components/tls}. */
    private static final List<String> KEYED_BY_OVERLAYS = List.of(
            "quarkus.tls.cluster.trust-store.pem.certs",
            "quarkus.tls.api.key-store.pem.0.cert",
            "quarkus.tls.api.key-store.pem.0.key",
            "quarkus.tls.api.reload-period");
    /** The keys are named by the code that fetches face images, and that posts to receivers. */
    private static final List<String> KEYED_BY_CODE =
            List.of("quarkus.tls.face.trust-store.pem.certs", "quarkus.tls.webhook.trust-store.pem.certs");

    private static final Path APPLICATION = Path.of("src", "main", "resources", "application.properties");

    public static final KnownProperties OF_THE_SERVICE = ofTheService();
    public static final KnownProperties OF_THE_SANDBOX = of(Mappings.OF_THE_SANDBOX.names());

    public static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static KnownProperties of(Stream<String> names) {
        Set<String> all = names.collect(Collectors.toSet());
        return new KnownProperties(
                all, all.stream().map(KnownProperties::variable).collect(Collectors.toSet()));
    }

    private static KnownProperties ofTheService() {
        Set<String> ofQuarkus = ofQuarkus();
        return of(Stream.of(
                        Mappings.OF_THE_SERVICE.names(),
                        ofQuarkus.stream(),
                        keyed(ofQuarkus),
                        Stream.of(FileSystemConfigSourceFactory.SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS))
                .flatMap(names -> names));
    }

    private static Set<String> ofQuarkus() {
        Set<String> names = new HashSet<>();
        ObjectMapper json = new ObjectMapper();
        try {
            for (URL model :
                    Collections.list(KnownProperties.class.getClassLoader().getResources(MODEL))) {
                for (JsonNode property : json.readTree(model).findParents("phase")) {
                    if (property.path("phase").asText().equals("RUN_TIME")) {
                        names.addAll(property.findValuesAsText("property"));
                    }
                }
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names with a key in them are known when that key is used, as the service itself does {@code quarkus.rest-client.jumdata.url}. */
    private static Stream<String> keyed(Set<String> ofQuarkus) {
        Pattern keyed = Pattern.compile(ofQuarkus.stream()
                .filter(name -> ANY_KEY.matcher(name).find())
                .map(name ->
                        Stream.of(ANY_KEY.split(name, -1)).map(Pattern::quote).collect(Collectors.joining("[^.]+")))
                .collect(Collectors.joining("|")));
        return Stream.of(application().stringPropertyNames(), KEYED_BY_OVERLAYS, KEYED_BY_CODE)
                .flatMap(Collection::stream)
                .filter(name -> keyed.matcher(name).matches());
    }

    /** What the service's own file has for a profile, without the profile's name. */
    public static Map<String, String> ofProfile(String profile) {
        String prefix = "%" + profile + ".";
        Properties application = application();
        return application.stringPropertyNames().stream()
                .filter(name -> name.startsWith(prefix))
                .collect(Collectors.toMap(name -> name.substring(prefix.length()), application::getProperty));
    }

    private static Properties application() {
        Properties application = new Properties();
        try (Reader reader = Files.newBufferedReader(APPLICATION)) {
            application.load(reader);
            return application;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
