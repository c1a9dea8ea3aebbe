package io.liveness.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class LogThreadTest {

    private static final int WAITING = 100;

    private static final class Log extends ExtHandler {

        @Override
        protected void doPublish(ExtLogRecord line) {
            publishToNestedHandlers(line);
        }
    }

    /** Writes nothing until it may, and nothing once it is closed. */
    private static final class Console extends ExtHandler {

        private final CompletableFuture<Void> mayWrite = new CompletableFuture<>();
        private final List<String> written = new CopyOnWriteArrayList<>();
        private volatile boolean closed;

        @Override
        protected void doPublish(ExtLogRecord line) {
            // The wait cannot be interrupted, as writing cannot.
            mayWrite.join();
            if (!closed) {
                written.add(line.getMessage());
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Console console = new Console();
    private final Log log = new Log();

    @Test
    void lines_that_wait_are_written_before_a_stop_goes_on_and_later_ones_at_once() throws Exception {
        log.addHandler(console);
        LogThread.begin(log);
        List<String> lines = lines(WAITING);
        lines.forEach(this::log);
        assertThat(console.written).isEmpty();

        CompletableFuture<Void> stop = CompletableFuture.runAsync(this::stop);
        console.mayWrite.complete(null);
        stop.get();

        assertThat(console.written).isEqualTo(lines);
        log("stopped");
        assertThat(console.written).endsWith("stopped").hasSize(WAITING + 1);
    }

    @Test
    void a_stop_waits_for_no_lines_where_there_are_none() {
        log.addHandler(console);
        LogThread.begin(log);

        assertThat(CompletableFuture.runAsync(this::stop)).succeedsWithin(Duration.ofSeconds(2));
    }

    private void stop() {
        try {
            LogThread.end(log);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    }

    private void log(String line) {
        log.publish(new ExtLogRecord(Level.INFO, line, LogThreadTest.class.getName()));
    }
}
