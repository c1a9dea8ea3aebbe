package io.liveness.gateway.platform.export;

import io.liveness.gateway.platform.export.Table.Read;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.time.ZoneId;

/** Makes bytes of rows, a portion at a time. It blocks for as long as that takes: for worker threads, one after the other. */
final class WriteFile {

    private final Table table;
    private final FileBytes bytes = new FileBytes();
    private final TableFile file;
    private boolean begun;
    private long rows;

    /**
     * A part of the file.
     *
     * @param rows that are in the file with it
     * @param isEnd whether a row was read that lies behind the last one
     */
    record Part(Buffer bytes, long rows, boolean isEnd) {}

    WriteFile(Table table, FileType type, ZoneId zone) {
        this.table = table;
        this.file = type == FileType.CSV ? new CsvFile(bytes, table, zone) : new XlsxFile(bytes, table, zone);
    }

    Part write(RowSet<Row> portion) throws IOException {
        if (!begun) {
            file.begin();
            begun = true;
        }
        Read read = Read.SKIPPED;
        for (Row row : portion) {
            read = table.write(row, file);
            if (read == Read.END) {
                break;
            }
            if (read == Read.WRITTEN) {
                rows++;
            }
        }
        file.flush();
        return new Part(bytes.take(), rows, read == Read.END);
    }

    Part end() throws IOException {
        file.end();
        return new Part(bytes.take(), rows, true);
    }
}
