package io.liveness.gateway.testsupport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Log lines of a gateway in this process during a test. */
public final class LogRecorder extends Handler implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogRecorder() {}

    public static LogRecorder start() {
        return start("%c %s%e");
    }

    /** @param pattern of a line, as Quarkus has it */
    public static LogRecorder start(String pattern) {
        LogRecorder recorder = new LogRecorder();
        recorder.setFormatter(new PatternFormatter(pattern));
        Logger.getLogger("").addHandler(recorder);
        return recorder;
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord line) {
        lines.add(getFormatter().format(line));
    }

    @Override
    public void flush() {
        // The recorder holds nothing back.
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
