package io.liveness.gateway.platform;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.handlers.AsyncHandler;

/**
 * Log lines are written by a thread of their own while the service runs: an event loop that waits for their reader would hold up
 * all its requests. When more than {@link #QUEUE} wait to be written it waits all the same, and none is lost. That thread ends with the
 * process, whatever it still holds; so what a start and a stop say, also one that fails, is written where it is logged. Hence this,
 * and not {@code quarkus.log.console.async}.
 */
class LogThread {

    private static final int QUEUE = 1024;
    private static final int BEFORE_ALL_OTHERS = 1;
    private static final int AFTER_ALL_OTHERS = Integer.MAX_VALUE;
    private static final int PAUSE_MILLIS = 10;
    private static final int PAUSES = 500;

    void start(@Observes @Priority(AFTER_ALL_OTHERS) StartupEvent start) {
        begin(InitialConfigurator.DELAYED_HANDLER);
    }

    void stop(@Observes @Priority(BEFORE_ALL_OTHERS) ShutdownEvent stop) throws InterruptedException {
        end(InitialConfigurator.DELAYED_HANDLER);
    }

    static void begin(ExtHandler log) {
        AsyncHandler thread = new AsyncHandler(QUEUE);
        thread.setHandlers(log.getHandlers());
        log.setHandlers(new Handler[] {thread});
    }

    static void end(ExtHandler log) throws InterruptedException {
        for (Handler handler : log.getHandlers()) {
            if (handler instanceof AsyncHandler thread) {
                log.setHandlers(thread.getHandlers());
                write(thread);
            }
        }
    }

    private static void write(AsyncHandler waiting) throws InterruptedException {
        waiting.setCloseChildren(false);
        waiting.close();
        // It lets go of the writers after the last line.
        for (int pause = 0; pause < PAUSES && waiting.getHandlers().length > 0; pause++) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
