package io.liveness.gateway.platform.export;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** In which form a table is sent as a file. */
public enum FileType {
    CSV(FileType.TEXT_CSV, "; charset=UTF-8"),
    XLSX(FileType.SPREADSHEET, ""),
    NDJSON(FileType.JSON_LINES, ""),
    /** As it is stored. */
    ZIP(FileType.ARCHIVE, "");

    public static final String TEXT_CSV = "text/csv";
    public static final String SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public static final String JSON_LINES = "application/x-ndjson";
    public static final String ARCHIVE = "application/zip";

    private final String contentType;

    FileType(String mediaType, String parameters) {
        this.contentType = mediaType + parameters;
    }

    /**
     * Selects JSON, CSV or XLSX, the type with the highest quality (RFC 9110, 12.5.1). Among equals JSON wins, so that a browser and a client that accepts
     * anything get JSON.
     *
     * @param accepted the ranges of {@code Accept}
     * @return empty for JSON
     */
    public static Optional<FileType> wanted(List<MediaType> accepted) {
        double json = quality(MediaType.APPLICATION_JSON, accepted);
        double csv = quality(TEXT_CSV, accepted);
        double xlsx = quality(SPREADSHEET, accepted);
        double best = Math.max(json, Math.max(csv, xlsx));
        if (best <= 0) {
            throw new NotAcceptableException();
        }
        if (json == best) {
            return Optional.empty();
        }
        return Optional.of(csv == best ? CSV : XLSX);
    }

    /** Whether XLSX has a higher quality than CSV. */
    public static boolean isWorkbookPreferred(List<MediaType> accepted) {
        return quality(SPREADSHEET, accepted) > quality(TEXT_CSV, accepted);
    }

    /** That of the closest range; 0 when there is none. */
    private static double quality(String type, List<MediaType> accepted) {
        MediaType wanted = MediaType.valueOf(type);
        return accepted.stream()
                .filter(wanted::isCompatible)
                .reduce((one, other) -> closeness(other) > closeness(one) ? other : one)
                .map(FileType::quality)
                .orElse(0.0);
    }

    private static int closeness(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }

    private static double quality(MediaType range) {
        String given = range.getParameters().get("q");
        try {
            return given == null ? 1 : Double.parseDouble(given);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    String contentType() {
        return contentType;
    }

    /** As metrics and the log have it, and the ending of a file's name. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
