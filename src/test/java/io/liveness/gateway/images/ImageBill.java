package io.liveness.gateway.images;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.exception.ParseException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.OrganizationalEntity;
import org.cyclonedx.parsers.JsonParser;

/**
 * Makes a bill of materials from that of the libraries which Quarkus writes: with the console's libraries, which are on no class path; and, for
 * an image, with the platform they run on. The POM runs it.
 */
final class ImageBill {

    private static final String VERSION = "JAVA_RUNTIME_VERSION";
    /** Scanners know libraries for the web by names such as {@code pkg:npm/preact@10.28.0}. */
    private static final Pattern OF_THE_WEB = Pattern.compile("pkg:npm/(?:.*/)?([^/@]+)@(.+)");

    private ImageBill() {}

    /**
     * @param arguments the bill of the libraries; the file to write; then package URLs of libraries for the web; or the file
     *     {@code release} of the Java run-time image, or of the native-image builder, where it may be missing, and for an executable also the
     *     builder's report
     */
    public static void main(String... arguments) throws IOException, ParseException, GeneratorException {
        List<Path> files = Stream.of(arguments).map(Path::of).toList();
        Bom bill = new JsonParser().parse(files.get(0).toFile());
        if (OF_THE_WEB.matcher(arguments[2]).matches()) {
            Stream.of(arguments).skip(2).forEach(url -> add(bill, ofTheWeb(url)));
        } else {
            addPlatform(bill, release(files.get(2)), files.subList(3, files.size()));
        }
        Version version = Version.fromVersionString(bill.getSpecVersion());
        Files.writeString(
                files.get(1), BomGeneratorFactory.createJson(version, bill).toJsonString());
    }

    private static void addPlatform(Bom bill, Properties release, List<Path> report) throws IOException {
        if (report.isEmpty()) {
            add(bill, jdk(value(release, VERSION).orElseThrow(), release));
        } else {
            JsonObject builder = new JsonObject(Files.readString(report.get(0))).getJsonObject("general_info");
            add(bill, platform("GraalVM", builder.getString("graalvm_version")));
            add(bill, jdk(builder.getString("java_version"), release));
        }
    }

    private static Component ofTheWeb(String url) {
        Matcher parts = OF_THE_WEB.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(url + " is no package URL of npm");
        }
        Component library = component(Component.Type.LIBRARY, url, parts.group(1), parts.group(2));
        library.setPurl(url);
        return library;
    }

    private static Properties release(Path file) throws IOException {
        Properties release = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                release.load(reader);
            }
        }
        return release;
    }

    private static Optional<String> value(Properties release, String name) {
        return Optional.ofNullable(release.getProperty(name)).map(quoted -> quoted.replace("\"", ""));
    }

    private static Component platform(String name, String version) {
        return component(Component.Type.PLATFORM, name + "@" + version, name, version);
    }

    private static Component component(Component.Type type, String reference, String name, String version) {
        Component component = new Component();
        component.setType(type);
        component.setBomRef(reference);
        component.setName(name);
        component.setVersion(version);
        return component;
    }

    /** The JDK has its supplier, if the release file is that of this version. */
    private static Component jdk(String version, Properties release) {
        Component jdk = platform("JDK", version);
        if (value(release, VERSION).filter(version::equals).isPresent()) {
            value(release, "IMPLEMENTOR").filter(name -> !name.equals("N/A")).ifPresent(name -> {
                OrganizationalEntity supplier = new OrganizationalEntity();
                supplier.setName(name);
                jdk.setSupplier(supplier);
            });
        }
        return jdk;
    }

    private static void add(Bom bill, Component component) {
        Dependency dependency = new Dependency(component.getBomRef());
        String application = bill.getMetadata().getComponent().getBomRef();
        bill.addComponent(component);
        bill.getDependencies().stream()
                .filter(known -> known.getRef().equals(application))
                .forEach(known -> known.addDependency(dependency));
        bill.addDependency(dependency);
    }
}
