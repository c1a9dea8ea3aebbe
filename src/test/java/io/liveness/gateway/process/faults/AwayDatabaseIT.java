package io.liveness.gateway.process.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.http.FaultProxy;
import io.liveness.gateway.testsupport.http.FreePort;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The database is away when the gateway starts, and again later: the gateway waits, and its log stays short. */
class AwayDatabaseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration AWAY = Duration.ofSeconds(6);
    private static final String NOWHERE = "http://localhost:" + FreePort.find();

    private Surroundings around;
    private FaultProxy network;
    private String database;
    private GatewayProcess gateway;

    @BeforeEach
    void start_without_a_database() {
        around = new Surroundings(SandboxSettings.defaults());
        network = FaultProxy.to(NOWHERE);
        String url =
                around.environment().value("quarkus.datasource.reactive.url").orElseThrow();
        database = "http://localhost:" + URI.create(url).getPort();
        String through = url.replaceFirst("//[^/]*", "//localhost:" + network.port());
        GatewayEnvironment environment = around.environment()
                .with("quarkus.datasource.reactive.url", through)
                .with("quarkus.datasource.jdbc.url", "jdbc:" + through);
        gateway = around.launch(environment);
        Patience.await("the gateway to be live", PATIENCE).until(gateway::isLive);
    }

    @AfterEach
    void end() {
        network.close();
        around.close();
    }

    @Test
    void a_start_waits_for_the_database_and_an_outage_is_few_lines_without_traces() {
        Patience.await("the line", PATIENCE)
                .until(() -> lines(0, "database.away").size() == 1);
        assertThat(gateway.isReady()).isFalse();

        network.leadTo(database);
        gateway.awaitReady();
        assertThat(lines(0, "database.")).hasSize(2).last().asString().contains("database.back");

        int before = gateway.output().size();
        network.leadTo(NOWHERE);
        network.swallow();
        Patience.await("not ready", PATIENCE).until(() -> !gateway.isReady());
        Patience.await("the outage", AWAY.plus(PATIENCE))
                .pollDelay(AWAY)
                .until(() -> lines(before, "database.away").size() == 1);
        network.leadTo(database);
        network.recover();
        Patience.await("the database's return to be told", PATIENCE)
                .until(() -> lines(before, "database.back").size() == 1
                        && lines(before, "signals.back").size() == 1
                        && gateway.isReady());

        List<String> told = lines(before, "");
        System.out.printf(
                "Database away for %d s: %d lines, %d characters%n",
                AWAY.toSeconds(),
                told.size(),
                told.stream().mapToInt(String::length).sum());
        assertThat(told).hasSizeLessThanOrEqualTo(4).noneMatch(line -> line.contains("stackTrace"));
    }

    @Test
    void a_start_that_waits_ends_when_it_is_asked_to() {
        gateway.askToStop();

        gateway.awaitExit();
    }

    private List<String> lines(int from, String event) {
        List<String> all = gateway.output();
        return all.subList(from, all.size()).stream()
                .filter(line -> line.contains(event))
                .toList();
    }
}
