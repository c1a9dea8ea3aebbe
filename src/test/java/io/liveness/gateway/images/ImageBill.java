package io.liveness.gateway.images;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
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

/** Makes an image's bill of materials: that of the libraries, and the platform they run on. The profiles aot and native of the POM run it. */
final class ImageBill {

    private static final String VERSION = "JAVA_RUNTIME_VERSION";

    private ImageBill() {}

    /**
     * @param arguments the bill of the libraries; the file to write; the file {@code release} of the Java run-time image, or of the
     *     native-image builder, where it may be missing; for an executable also the builder's report
     */
    public static void main(String... arguments) throws IOException, ParseException, GeneratorException {
        List<Path> files = Stream.of(arguments).map(Path::of).toList();
        Bom bill = new JsonParser().parse(files.get(0).toFile());
        Properties release = release(files.get(2));
        if (files.size() > 3) {
            JsonObject builder = new JsonObject(Files.readString(files.get(3))).getJsonObject("general_info");
            add(bill, platform("GraalVM", builder.getString("graalvm_version")));
            add(bill, jdk(builder.getString("java_version"), release));
        } else {
            add(bill, jdk(value(release, VERSION).orElseThrow(), release));
        }
        Version version = Version.fromVersionString(bill.getSpecVersion());
        Files.writeString(
                files.get(1), BomGeneratorFactory.createJson(version, bill).toJsonString());
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
        Component platform = new Component();
        platform.setType(Component.Type.PLATFORM);
        platform.setBomRef(name + "@" + version);
        platform.setName(name);
        platform.setVersion(version);
        return platform;
    }

    /** With its supplier, if the file is that of this version. */
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

    private static void add(Bom bill, Component platform) {
        Dependency dependency = new Dependency(platform.getBomRef());
        String application = bill.getMetadata().getComponent().getBomRef();
        bill.addComponent(platform);
        bill.getDependencies().stream()
                .filter(known -> known.getRef().equals(application))
                .forEach(known -> known.addDependency(dependency));
        bill.addDependency(dependency);
    }
}
