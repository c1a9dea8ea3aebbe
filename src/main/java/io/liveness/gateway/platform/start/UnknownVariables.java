package io.liveness.gateway.platform.start;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets a variable {@code LIVENESS_…} or {@code JUMDATA_…} that is no property stop the start. The check of the config mappings leaves
 * out the environment, which it knows by its name: under another name the check includes it.
 */
@Priority(Priorities.APPLICATION)
public class UnknownVariables implements ConfigSourceInterceptor {

    private static final Pattern OURS = Pattern.compile("(liveness|jumdata)[._-].*");

    /** Kubernetes gives each container these of every service in its namespace, unless {@code enableServiceLinks} is off. */
    private static final Pattern OF_A_SERVICE = Pattern.compile("(.+?)_(SERVICE_(HOST|PORT(_.+)?)|PORT(_.+)?)");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        ConfigValue value = context.proceed(name);
        if (value == null
                || !OURS.matcher(name).matches()
                || !String.valueOf(value.getConfigSourceName()).startsWith(EnvConfigSource.NAME)) {
            return value;
        }
        String variable = name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        return isOfAService(variable, System.getenv()) ? value : value.withConfigSourceName("the variable " + variable);
    }

    static boolean isOfAService(String variable, Map<String, String> environment) {
        Matcher service = OF_A_SERVICE.matcher(variable);
        return service.matches()
                && environment.containsKey(service.group(1) + "_SERVICE_HOST")
                && environment.containsKey(service.group(1) + "_SERVICE_PORT");
    }
}
