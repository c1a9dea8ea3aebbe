package io.liveness.gateway.platform.start;

import io.quarkus.runtime.ApplicationLifecycleManager;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The process. A start that is refused logs one line for each reason, without a stack trace. */
@QuarkusMain
public class Gateway {

    private static final Logger LOG = Logger.getLogger(Gateway.class);

    private static final Pattern CODE = Pattern.compile("^([\\w.]+Exception: )?(SRCFG\\d+: )?");
    private static final Pattern UNKNOWN = Pattern.compile("(\\S+) in (.*) does not map to any root");

    public static void main(String... arguments) {
        Quarkus.run(null, Gateway::ended, arguments);
    }

    private static void ended(int code, Throwable failure) {
        if (code != 0 && failure != null) {
            reasons(failure)
                    .ifPresentOrElse(
                            reasons -> reasons.forEach(reason -> LOG.errorf("start.refused: %s", reason)),
                            () -> LOG.error("start.failed", failure));
        }
        ApplicationLifecycleManager.getDefaultExitCodeHandler().accept(code, failure);
    }

    /** @return empty when nothing but the stack trace explains it */
    static Optional<List<String>> reasons(Throwable failure) {
        return Stream.iterate(failure, each -> each != null, Throwable::getCause)
                .flatMap(each -> reasonsOf(each).stream())
                .findFirst();
    }

    private static Optional<List<String>> reasonsOf(Throwable failure) {
        if (failure instanceof ConfigValidationException wrong) {
            return Optional.of(IntStream.range(0, wrong.getProblemCount())
                    .mapToObj(i -> sentence(wrong.getProblem(i).getMessage()))
                    // A property that is unknown to one mapping is unknown to each that begins the same.
                    .distinct()
                    .toList());
        }
        return failure instanceof StartRefused
                        || failure instanceof ConfigurationException
                        || failure instanceof QuarkusBindException
                ? Optional.of(failure.getMessage().lines().toList())
                : Optional.empty();
    }

    private static String sentence(String problem) {
        return UNKNOWN.matcher(CODE.matcher(problem).replaceFirst(""))
                .replaceFirst("$1 is no property of the gateway, but $2 gives it a value");
    }
}
