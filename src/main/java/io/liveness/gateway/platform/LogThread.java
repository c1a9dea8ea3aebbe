package io.liveness.gateway.platform;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.handlers.AsyncHandler;

/**
 * Writes log lines on a separate thread while the service runs, so that a slow reader of the log does not block event loops. With more than
 * {@link #QUEUE} lines waiting, a logging thread blocks. The writing thread ends with the process. Therefore lines of the start are written
 * by the thread that logs them, and a stop first drains the queue, for five seconds at most. {@code quarkus.log.console.async} does
 * neither.
 */
class LogThread {

    private static final int QUEUE = 1024;
    private static final int BEFORE_ALL_OTHERS = 1;
    private static final int AFTER_ALL_OTHERS = Integer.MAX_VALUE;
    private static final int AT_MOST_SECONDS = 5;

    void start(@Observes @Priority(AFTER_ALL_OTHERS) StartupEvent start) {
        begin(InitialConfigurator.DELAYED_HANDLER);
    }

    void stop(@Observes @Priority(BEFORE_ALL_OTHERS) ShutdownEvent stop) throws InterruptedException {
        end(InitialConfigurator.DELAYED_HANDLER);
    }

    static void begin(ExtHandler log) {
        Lines thread = new Lines();
        thread.setHandlers(log.getHandlers());
        log.setHandlers(new Handler[] {thread});
    }

    static void end(ExtHandler log) throws InterruptedException {
        for (Handler handler : log.getHandlers()) {
            if (handler instanceof Lines thread) {
                log.setHandlers(thread.getHandlers());
                write(thread);
            }
        }
    }

    private static void write(Lines thread) throws InterruptedException {
        thread.setCloseChildren(false);
        thread.close();
        if (thread.hasBegun) {
            thread.ended.await(AT_MOST_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static final class Lines extends AsyncHandler {

        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile boolean hasBegun;

        private Lines() {
            super(QUEUE);
        }

        /** The thread begins with the first line. */
        @Override
        protected void doPublish(ExtLogRecord line) {
            hasBegun = true;
            super.doPublish(line);
        }

        /** The last thing that the thread does, after the last line. */
        @Override
        public Handler[] clearHandlers() {
            Handler[] cleared = super.clearHandlers();
            ended.countDown();
            return cleared;
        }
    }
}
