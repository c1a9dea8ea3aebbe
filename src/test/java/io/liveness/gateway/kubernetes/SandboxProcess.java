package io.liveness.gateway.kubernetes;

import io.liveness.gateway.sandbox.SandboxServer;
import io.liveness.gateway.testsupport.Patience;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The sandbox in a separate process, as its image starts it. */
record SandboxProcess(Process process) implements AutoCloseable {

    private static final Duration TO_START = Duration.ofSeconds(60);

    static SandboxProcess start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SandboxServer.class.getName())
                .inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        SandboxProcess sandbox = new SandboxProcess(builder.start());
        int port = Integer.parseInt(environment.get("SANDBOX_PORT"));
        Patience.await("the sandbox to listen", TO_START).until(() -> listens(port));
        return sandbox;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket("localhost", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
