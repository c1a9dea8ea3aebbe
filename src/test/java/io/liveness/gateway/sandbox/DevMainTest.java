package io.liveness.gateway.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

class DevMainTest {

    @Test
    void the_port_is_known_before_quarkus_has_started() {
        assertThat(DevMain.port(new SmallRyeConfigBuilder().build())).isEqualTo("8080");
    }

    @Test
    void a_configured_port_counts() {
        assertThat(DevMain.port(new SmallRyeConfigBuilder()
                        .withDefaultValue("quarkus.http.port", "9090")
                        .build()))
                .isEqualTo("9090");
    }
}
