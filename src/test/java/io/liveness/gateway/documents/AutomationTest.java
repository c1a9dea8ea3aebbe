package io.liveness.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The next owner is told of newer versions, and of tests that fail. */
class AutomationTest {

    private static final Path UPDATES = Path.of("renovate.json");
    private static final Path PREACT = Path.of("src/main/resources/console/static/lib/preact.module.js");
    private static final Path WORKFLOW = Path.of(".github", "workflows", "ci.yaml");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]+\\.(com|dev|io|net|org)[/:\"]");

    @Test
    void the_libraries_of_the_console_are_updated_too() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        JsonNode managers = new ObjectMapper().readTree(UPDATES.toFile()).path("customManagers");

        assertThat(StreamSupport.stream(managers.spliterator(), false)
                        .map(manager -> manager.at("/matchStrings/0").asText())
                        .flatMap(
                                version -> Pattern.compile(version).matcher(pom).results())
                        .map(version -> version.group(1)))
                .containsExactlyInAnyOrder("preact", "htm", "uplot", "pico");
    }

    @Test
    void the_file_of_preact_is_of_the_version_that_the_pom_has() throws IOException {
        String version = Pattern.compile("<preact\\.version>([^<]+)<")
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);

        assertThat(Files.readString(PREACT)).startsWith("/*! preact " + version + " ");
    }

    @Test
    void all_tests_run_on_push_pull_request_and_by_schedule() throws IOException {
        JsonNode workflow = new YAMLMapper().readTree(WORKFLOW.toFile());

        assertThat(workflow.path("on").fieldNames()).toIterable().contains("push", "pull_request", "schedule");
        assertThat(workflow.findValuesAsText("run")).contains(".ci/run");
    }

    @Test
    void neither_names_the_host_of_a_registry() throws IOException {
        assertThat(Files.readString(UPDATES)).doesNotContainPattern(HOST);
        assertThat(Files.readString(WORKFLOW)).doesNotContainPattern(HOST);
    }
}
