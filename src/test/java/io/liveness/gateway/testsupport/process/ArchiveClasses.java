package io.liveness.gateway.testsupport.process;

import io.liveness.gateway.sandbox.settings.SandboxSettings;
import io.liveness.gateway.testsupport.Callers;
import io.liveness.gateway.testsupport.Surroundings;

/** Writes the classes of a gateway that has served requests into an archive, from which the gateways under test load them. */
public final class ArchiveClasses {

    private ArchiveClasses() {}

    /** @param file of the archive */
    public static void main(String[] file) {
        try (Surroundings around = new Surroundings(SandboxSettings.defaults())) {
            GatewayProcess gateway =
                    around.start(around.environment().with("JAVA_TOOL_OPTIONS", "-XX:ArchiveClassesAtExit=" + file[0]));
            Callers callers = around.callers();
            callers.checkLater(
                            gateway.url(),
                            callers.open(gateway.url(), "archived", "pass").id())
                    .join();
            gateway.askToStop();
            gateway.awaitExit();
        }
    }
}
