package io.liveness.gateway.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.runtime.SimpleScheduler;
import jakarta.annotation.Priority;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The order of a start. */
class RequireKeysTest {

    @Test
    void the_schema_is_checked_first_then_the_keys_and_then_the_scheduler_begins() throws ClassNotFoundException {
        int schema = priority("io.liveness.gateway.platform.postgres.schema.SchemaRule");
        int keys = priority("io.liveness.gateway.privacy.KeysInUse");

        assertThat(schema).isLessThan(keys);
        assertThat(keys).isLessThan(priorityOfScheduler());
    }

    private static int priority(String bean) throws ClassNotFoundException {
        return Class.forName(bean).getAnnotation(Startup.class).value();
    }

    private static int priorityOfScheduler() {
        Method start = Arrays.stream(SimpleScheduler.class.getDeclaredMethods())
                .filter(method -> Arrays.asList(method.getParameterTypes()).contains(StartupEvent.class))
                .findFirst()
                .orElseThrow();
        return start.getParameters()[0].getAnnotation(Priority.class).value();
    }
}
