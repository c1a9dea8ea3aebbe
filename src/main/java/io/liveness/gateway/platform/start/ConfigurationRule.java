package io.liveness.gateway.platform.start;

import io.quarkus.flyway.FlywayConfigurationCustomizer;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.Set;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * A bean that is made before the first connection to the database. Its constructor throws {@link IllegalArgumentException}, with a
 * sentence on each line that names the property, when a value does not fit others. The sentences of all rules are told together.
 */
public interface ConfigurationRule {

    /** Makes all {@link ConfigurationRule}s, and stops the start with what all of them say. */
    @Startup(CheckAll.BEFORE_ALL_OTHERS)
    @Singleton
    static class CheckAll implements FlywayConfigurationCustomizer {

        static final int BEFORE_ALL_OTHERS = -1_000;

        CheckAll(@Any Instance<ConfigurationRule> rules) {
            Set<String> sentences = new LinkedHashSet<>();
            for (Instance.Handle<ConfigurationRule> rule : rules.handles()) {
                try {
                    rule.get();
                } catch (IllegalArgumentException wrong) {
                    sentences.addAll(wrong.getMessage().lines().toList());
                }
            }
            if (!sentences.isEmpty()) {
                throw new StartRefused(String.join("\n", sentences));
            }
        }

        /** Changes nothing; Flyway asks for this bean before it makes the first connection. */
        @Override
        public void customize(FluentConfiguration configuration) {}
    }
}
