package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JumdataConfigTest {

    private static final Map<String, String> ACCOUNT =
            Map.of("jumdata.app-id", "the-app", "jumdata.app-secret", "the-secret");

    private static SmallRyeConfigBuilder builder() {
        BeanValidationConfigValidator validator = new BeanValidationConfigValidator() {
            @Override
            public Validator getValidator() {
                return Validation.buildDefaultValidatorFactory().getValidator();
            }
        };
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(JumdataConfig.class)
                .withValidator(validator);
    }

    private static JumdataConfig read(Map<String, String> properties) {
        SmallRyeConfig config = builder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        return config.getConfigMapping(JumdataConfig.class);
    }

    private static Map<String, String> accountAnd(String property, String value) {
        Map<String, String> properties = new HashMap<>(ACCOUNT);
        properties.put(property, value);
        return properties;
    }

    @ParameterizedTest
    @CsvSource({
        "jumdata.app-id, ''",
        "jumdata.app-id, 'two words'",
        "jumdata.app-secret, ''",
        "jumdata.app-secret, 'with-line-break\n'",
        "jumdata.token-lifetime, PT0S",
        "jumdata.token-lifetime, soon",
        "jumdata.calls-per-second, 0",
        "jumdata.calls-per-second, many",
        "jumdata.actions-separator, ''",
        "jumdata.connect-timeout, PT0S",
        "jumdata.connect-timeout, PT5.1S",
        "jumdata.timeout, PT-1S",
        "jumdata.timeout, PT60.1S",
        "jumdata.retryable-codes, ''",
        "jumdata.retryable-codes, '500,often'",
    })
    void a_wrong_value_stops_the_start_and_the_message_names_the_property(String property, String value) {
        assertThatThrownBy(() -> read(accountAnd(property, value)))
                .hasMessageContaining(property)
                .message()
                .doesNotContain("the-secret", "with-line-break");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.jumdata.com",
                "http://10.0.0.1:8080/",
                "http://localhost.example",
                "http://127.0.0.1.example",
                "http://127.example",
                "http://[::2]"
            })
    void beyond_this_machine_the_vendor_is_called_by_https(String address) {
        assertThat(Jumdata.Clients.whyWrong("quarkus.rest-client.jumdata.url", address))
                .contains(
                        "quarkus.rest-client.jumdata.url must begin with https:, or with http: and localhost, 127.0.0.1 or [::1]");
    }
}
