package io.liveness.gateway.statement.importing;

import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** A file as it comes from a caller. */
record SentFile(InputStream bytes, boolean isWorkbook) {

    private static final byte[] ZIP = {'P', 'K'};
    /** Of Excel until 2003, and of any workbook with a password. */
    private static final byte[] COMPOUND_FILE = {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0};

    /** Its first part, as LibreOffice and SheetJS write it. */
    private static final List<String> OPEN_DOCUMENT =
            List.of("mimetypeapplication/vnd.oasis.opendocument", "META-INF/manifest.xml");

    private static final int BEGINNING = 1024;
    private static final Pattern MARKUP =
            Pattern.compile("<(\\?xml|!doctype|html|head|meta|style|table|workbook)\\b", Pattern.CASE_INSENSITIVE);

    /** @param type as the request has it; null when it has none */
    static SentFile of(InputStream bytes, MediaType type) {
        boolean workbook =
                type != null && (type.getType() + "/" + type.getSubtype()).equalsIgnoreCase(FileType.SPREADSHEET);
        return new SentFile(bytes, workbook);
    }

    /** @throws ProblemException when a file that begins so is not of the type that it is said to be */
    void requireBeginning(byte[] start, int length) {
        if (begins(start, length, COMPOUND_FILE)) {
            throw ProblemException.invalid(
                    "body",
                    "is a workbook of Excel 2003 or older (XLS), or one with a password; save it as XLSX or CSV, without a password");
        }
        String text = text(start, length);
        if (MARKUP.matcher(text).lookingAt()) {
            throw ProblemException.invalid(
                    "body",
                    "is HTML or XML, as some programs write it under the name of a workbook (.xls); open it in a spreadsheet"
                            + " and save it as XLSX or CSV");
        }
        boolean zip = begins(start, length, ZIP);
        if (zip && OPEN_DOCUMENT.stream().anyMatch(text::contains)) {
            throw ProblemException.invalid(
                    "body", "is an OpenDocument file (ODS); open it in a spreadsheet and save it as XLSX or CSV");
        }
        if (zip && !isWorkbook) {
            throw ProblemException.invalid(
                    "body",
                    "is a ZIP file, such as XLSX, and not CSV; send XLSX with Content-Type: " + FileType.SPREADSHEET);
        }
        if (!zip && isWorkbook) {
            throw ProblemException.invalid("body", "is not XLSX; send CSV with Content-Type: " + FileType.TEXT_CSV);
        }
    }

    /** The beginning, in whatever character set: only its ASCII characters count. */
    private static String text(byte[] start, int length) {
        return new String(start, 0, Math.min(length, BEGINNING), StandardCharsets.ISO_8859_1)
                .replaceAll("[^ -~]", "")
                .strip();
    }

    private static boolean begins(byte[] start, int length, byte[] with) {
        for (int i = 0; i < with.length; i++) {
            if (length <= i || start[i] != with[i]) {
                return false;
            }
        }
        return true;
    }
}
