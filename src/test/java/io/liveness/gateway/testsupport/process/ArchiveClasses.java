package io.liveness.gateway.testsupport.process;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the classes of a gateway that has served requests into an archive, from which the gateways under test load them. */
public final class ArchiveClasses {

    private ArchiveClasses() {}

    /** @param arguments the file of the archive */
    public static void main(String[] arguments) {
        Path archive = Path.of(arguments[0]);
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            // The quotes are there for a path with spaces.
            GatewayProcess gateway = around.start(
                    around.environment().with("JAVA_TOOL_OPTIONS", "-XX:ArchiveClassesAtExit='" + archive + "'"));
            Callers callers = around.callers();
            callers.checkLater(
                            gateway.url(),
                            callers.open(gateway.url(), "archived", "pass").id())
                    .join();
            gateway.askToStop();
            gateway.awaitExit();
            if (!Files.exists(archive)) {
                throw new IllegalStateException("No archive was written to " + archive + "\n" + gateway.tail());
            }
        }
    }
}
