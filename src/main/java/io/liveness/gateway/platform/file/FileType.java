package io.liveness.gateway.platform.file;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Variant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The form in which a table is sent as a file. */
public enum FileType {
    CSV(FileType.TEXT_CSV),
    XLSX(FileType.SPREADSHEET),
    NDJSON(FileType.JSON_LINES),
    /** An archive, sent as it is stored. */
    ZIP(FileType.ARCHIVE),
    /** A file that was received, sent as it came: its table has its name and media type. */
    ORIGINAL("application/octet-stream");

    public static final String TEXT_CSV = "text/csv";
    public static final String SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static final String JSON_LINES = "application/x-ndjson";
    public static final String ARCHIVE = "application/zip";

    private static final Variant OF_CSV = new Variant(new MediaType("text", "csv"), (Locale) null, null);
    private static final Variant OF_XLSX =
            new Variant(new MediaType("application", SPREADSHEET.split("/")[1]), (Locale) null, null);
    private static final List<Variant> LIST =
            List.of(new Variant(MediaType.APPLICATION_JSON_TYPE, (Locale) null, null), OF_CSV, OF_XLSX);

    private final String mediaType;

    FileType(String mediaType) {
        this.mediaType = mediaType;
    }

    /**
     * Selects JSON, CSV or XLSX by the header {@code Accept}. Among equals JSON wins, so that a browser and a client that accepts anything get
     * JSON.
     *
     * @return empty for JSON
     */
    public static Optional<FileType> wanted(Request request) {
        Variant best = request.selectVariant(LIST);
        if (best == null) {
            throw new NotAcceptableException();
        }
        return Optional.ofNullable(best == OF_CSV ? CSV : best == OF_XLSX ? XLSX : null);
    }

    /** Whether XLSX is preferred to CSV. */
    public static boolean isWorkbookPreferred(Request request) {
        return request.selectVariant(List.of(OF_CSV, OF_XLSX)) == OF_XLSX;
    }

    String contentType(Table table) {
        return this == CSV ? mediaType + "; charset=" + table.csv().charset() : mediaType;
    }

    /** The name of the type in metrics and the log, and the ending of a file's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
