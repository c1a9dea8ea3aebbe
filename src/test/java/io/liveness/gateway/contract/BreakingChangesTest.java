package io.liveness.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract does not break the clients of the one that was released last, unless its version says so. */
class BreakingChangesTest {

    private static final String SHOP = "src/test/resources/contract/shop.yaml";
    private static final String BREAKING = "maximum: 100";
    private static final String HARMLESS = "maximum: 1000";
    private static final String NONE = "maximum: 500";

    @Test
    void the_contract_keeps_what_was_released() {
        Optional<Contract> released = Release.last(Path.of("openapi", "released"));
        if (released.isEmpty()) {
            System.out.println("Nothing is released yet: openapi/released holds no contract");
            return;
        }

        Release release = Release.of(released.get(), Contract.checkedIn());

        assertThat(release.complaint()).as(release.complaint().orElse("")).isEmpty();
        System.out.println("Since " + release.released() + ", " + release.changelog());
    }

    @ParameterizedTest(name = "{0} after 1.4.2 with {1}")
    @CsvSource({
        "1.4.2, " + NONE,
        "1.4.3, " + NONE,
        "1.5.0, " + HARMLESS,
        "1.6.1, " + HARMLESS,
        "2.0.0, " + HARMLESS,
        "2.0.0, " + BREAKING,
        "3.1.0, " + BREAKING
    })
    void a_version_that_says_enough(String version, String change) throws IOException {
        assertThat(release(version, change).complaint()).isEmpty();
    }

    @ParameterizedTest(name = "{0} after 1.4.2 with {1}")
    @CsvSource({
        "1.4.1, " + NONE + ", 1.4.2",
        "1.4.2, " + HARMLESS + ", 1.5.0",
        "1.4.3, " + HARMLESS + ", 1.5.0",
        "1.4.2, " + BREAKING + ", 2.0.0",
        "1.9.0, " + BREAKING + ", 2.0.0"
    })
    void a_version_that_says_too_little(String version, String change, String least) throws IOException {
        assertThat(release(version, change).complaint())
                .hasValueSatisfying(complaint -> assertThat(complaint)
                        .contains("1.4.2", "set " + Release.WHERE_THE_VERSION_IS + " to " + least));
    }

    @Test
    void each_change_is_named() throws IOException {
        assertThat(release("1.4.2", BREAKING).complaint())
                .hasValueSatisfying(complaint -> assertThat(complaint)
                        .contains("breaks clients of 1.4.2")
                        .endsWith("\n! GET /v1/orders, query pageSize: maximum is 100, was 500"));
        assertThat(release("1.5.0", HARMLESS).changelog())
                .isEqualTo("1.5.0\n+ GET /v1/orders, query pageSize: maximum is 1000, was 500");
        assertThat(release("1.4.2", NONE).changelog()).isEqualTo("1.4.2: nothing that clients notice");
    }

    @Test
    void the_last_release_is_the_one_with_the_highest_version(@TempDir Path folder) throws IOException {
        assertThat(Release.last(folder.resolve("missing"))).isEmpty();
        assertThat(Release.last(folder)).isEmpty();

        for (String version : new String[] {"1.9.0", "1.10.0", "1.2.11"}) {
            Files.writeString(folder.resolve(version + ".yaml"), shop(version, NONE));
        }

        assertThat(Release.last(folder).map(Contract::version)).contains("1.10.0");
    }

    @Test
    void a_release_under_a_wrong_name_is_refused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("1.0.0.yaml"), shop("1.4.2", NONE));

        assertThatThrownBy(() -> Release.last(folder)).hasMessageEndingWith("1.0.0.yaml holds version 1.4.2");
    }

    private static Release release(String version, String change) throws IOException {
        return Release.of(Contract.of(shop("1.4.2", NONE)), Contract.of(shop(version, change)));
    }

    private static String shop(String version, String change) throws IOException {
        return Files.readString(Path.of(SHOP)).replace("1.4.2", version).replace(NONE, change);
    }
}
