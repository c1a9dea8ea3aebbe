package io.liveness.gateway.testsupport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.http.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The packaged gateway in a separate process, which never outlives the test: the jar, or what {@code -Dgateway.command} says.
 * Whatever it is, it takes {@code -Xmx} as its first option and its configuration from the environment.
 */
public final class GatewayProcess implements AutoCloseable {

    /** The heap of each gateway whose test says nothing else. */
    public static final int HEAP_MEBIBYTES = 256;

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String COMMAND = System.getProperty("gateway.command", "");
    private static final Path JAR = Path.of(System.getProperty("gateway.jar", "target/quarkus-app/quarkus-run.jar"));
    /** The options start a JVM quickly on few cores: these processes live for seconds. */
    private static final List<String> OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    /** The images of src/main/docker have these options; an executable goes without the first. */
    private static final List<String> IMAGE_OPTIONS = List.of("-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");
    /** An archive of the classes of a gateway, made with the same options: see {@link ArchiveClasses}. */
    private static final Path CLASSES = Path.of(System.getProperty("gateway.classes", "target/gateway-classes.jsa"));

    private static final Duration TO_START = Duration.ofSeconds(60);
    private static final Duration TO_EXIT = Duration.ofSeconds(60);
    private static final Duration TO_ANSWER = Duration.ofSeconds(5);
    private static final int TAIL = 40;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;
    private final int managementPort;
    private final Secrets secrets;
    private final Process process;
    private final Thread atTheLatest;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private GatewayProcess(GatewayEnvironment environment, Secrets secrets, List<String> gateway, int heapMebibytes) {
        this.port = port(environment, "quarkus.http.port");
        this.managementPort = port(environment, "quarkus.management.port");
        this.secrets = secrets;
        this.process = launch(
                gateway,
                heapMebibytes,
                environment
                        .with("quarkus.http.port", Integer.toString(port))
                        .with("quarkus.management.port", Integer.toString(managementPort)));
        this.atTheLatest = new Thread(process.toHandle()::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(atTheLatest);
        this.readers = List.of(
                read(process.inputReader(StandardCharsets.UTF_8), output),
                read(process.errorReader(StandardCharsets.UTF_8), errors));
    }

    private static int port(GatewayEnvironment environment, String property) {
        return environment.value(property).map(Integer::valueOf).orElseGet(FreePort::find);
    }

    /**
     * @param secrets looked for in the log when it is closed
     * @param heapMebibytes the largest heap it may have
     */
    public static GatewayProcess launch(GatewayEnvironment environment, Secrets secrets, int heapMebibytes) {
        List<String> gateway = COMMAND.isBlank() ? java(JAR) : List.of(COMMAND.split(" +"));
        return new GatewayProcess(environment, secrets, gateway, heapMebibytes);
    }

    /** @param jar of another release */
    public static GatewayProcess launch(GatewayEnvironment environment, Secrets secrets, Path jar) {
        return new GatewayProcess(environment, secrets, java(jar), HEAP_MEBIBYTES);
    }

    /** Launches a gateway with the options of its image. */
    public static GatewayProcess launchAsImage(GatewayEnvironment environment, Secrets secrets, int heapMebibytes) {
        List<String> gateway = new ArrayList<>();
        if (COMMAND.isBlank()) {
            gateway.add(JAVA);
            gateway.addAll(IMAGE_OPTIONS);
            gateway.addAll(List.of("-jar", JAR.toString()));
        } else {
            gateway.addAll(List.of(COMMAND.split(" +")));
            gateway.addAll(1, IMAGE_OPTIONS.subList(1, IMAGE_OPTIONS.size()));
        }
        return new GatewayProcess(environment, secrets, gateway, heapMebibytes);
    }

    private static List<String> java(Path jar) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(OPTIONS);
        if (jar.equals(JAR) && Files.exists(CLASSES)) {
            command.add("-XX:SharedArchiveFile=" + CLASSES);
        }
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static Process launch(List<String> gateway, int heapMebibytes, GatewayEnvironment environment) {
        List<String> command = new ArrayList<>(gateway);
        command.add(1, "-Xmx" + heapMebibytes + "m");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment.variables());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Thread read(BufferedReader from, List<String> lines) {
        Thread reader = new Thread(() -> from.lines().forEach(lines::add), "gateway-log");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** Fails at once when it ends instead. */
    public GatewayProcess awaitReady() {
        Patience.await("the gateway to be ready", TO_START).until(() -> {
            assertThat(process.isAlive()).as("gateway is alive\n%s", tail()).isTrue();
            return isReady();
        });
        return this;
    }

    public boolean isReady() {
        return isHealthy("/q/health/ready");
    }

    /** Whether it listens, ready or not. */
    public boolean isLive() {
        return isHealthy("/q/health/live");
    }

    private boolean isHealthy(String check) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementUrl() + check))
                .timeout(TO_ANSWER)
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address of the API, without a slash at the end. */
    public String url() {
        return "http://localhost:" + port;
    }

    /** The address of health and metrics, without a slash at the end. */
    public String managementUrl() {
        return "http://localhost:" + managementPort;
    }

    /** All metrics, in Prometheus' text form. */
    public String metrics() {
        HttpRequest request = HttpRequest.newBuilder(URI.create(managementUrl() + "/q/metrics"))
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    /** The sum of all series whose name, or name and labels, begin so. @param beginning a regular expression */
    public double metric(String beginning) {
        Pattern series = Pattern.compile(beginning);
        return metrics()
                .lines()
                .filter(line -> series.matcher(line).lookingAt())
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing of the process runs after this. */
    public void kill() {
        // The handle kills: Process's own method closes the streams too, and the end of the log would be lost.
        process.toHandle().destroyForcibly();
        awaitExit();
    }

    /** SIGTERM. */
    public void askToStop() {
        process.toHandle().destroy();
    }

    /** @return the exit code */
    public int awaitExit() {
        try {
            boolean ended = process.waitFor(TO_EXIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(ended).as("gateway has ended\n%s", tail()).isTrue();
            for (Thread reader : readers) {
                reader.join(TO_EXIT.toMillis());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each line of standard output so far. */
    public List<String> output() {
        return List.copyOf(output);
    }

    /** Each line of standard error so far. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** The end of what it logged, for messages of failed tests. */
    public String tail() {
        return last(output) + "\n" + last(errors);
    }

    private static String last(List<String> lines) {
        List<String> copy = List.copyOf(lines);
        return String.join("\n", copy.subList(Math.max(0, copy.size() - TAIL), copy.size()));
    }

    /** Ends it if it runs still, and looks through its log. */
    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(atTheLatest);
        secrets.assertNoneIn(output);
        secrets.assertNoneIn(errors);
    }
}
