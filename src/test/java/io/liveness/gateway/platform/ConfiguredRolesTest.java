package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfiguredRolesTest {

    @ParameterizedTest
    @ValueSource(strings = {"shop", "shop=", "=liveness", "shop=admin", "shop=liveness+", "shop=liveness,operator"})
    void what_is_no_subject_with_roles_stops_the_start_and_is_named(String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured(wrong))
                .withMessageContaining("liveness.roles")
                .withMessageContaining(wrong);
    }

    @Test
    void a_subject_given_twice_stops_the_start() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> configured("shop=liveness", "shop=operator"))
                .withMessageContaining("shop twice");
    }

    private static void configured(String... roles) {
        new ConfiguredRoles(() -> Optional.of(List.of(roles)));
    }
}
