package io.liveness.gateway.bill.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Workbooks: those that another program writes, and parts written by hand, so that each may be wrong. */
public final class BookParts {

    public static final String SHEET = "xl/worksheets/sheet1.xml";
    public static final String STRINGS = "xl/sharedStrings.xml";
    public static final String BOOK = "xl/workbook.xml";

    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    private static final String RELATIONSHIPS =
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">%s</Relationships>";
    private static final String STYLES = "xl/styles.xml";
    private static final String TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
    private static final String DIRECT = "xl/_rels/workbook.xml.rels";

    private final Map<String, String> parts = new LinkedHashMap<>();

    /** What is on a sheet. */
    public interface Content {
        void write(Worksheet sheet) throws IOException;
    }

    /** A workbook of another program with these sheets. */
    public static byte[] written(Content... sheets) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "vendor", null)) {
            for (int i = 0; i < sheets.length; i++) {
                Worksheet sheet = book.newWorksheet("sheet " + i);
                sheets[i].write(sheet);
                sheet.finish();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** @param rows the content of {@code sheetData} */
    public BookParts(String rows) {
        parts.put(
                "[Content_Types].xml",
                "<Types>" + type(BOOK, "sheet.main") + type(STRINGS, "sharedStrings") + type(STYLES, "styles")
                        + "</Types>");
        parts.put("_rels/.rels", RELATIONSHIPS.formatted(relation("r1", "officeDocument", BOOK)));
        parts.put(
                BOOK,
                "<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr/><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
        parts.put(
                DIRECT,
                RELATIONSHIPS.formatted(relation("r1", "worksheet", "worksheets/sheet1.xml")
                        + relation("r2", "sharedStrings", "sharedStrings.xml")
                        + relation("r3", "styles", "/xl/styles.xml")));
        // Style 0 is none, 1 a date that is built in, 2 one that the workbook defines, 3 an amount.
        parts.put(
                STYLES,
                "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d\\日\\ h:mm:ss.000\"/>"
                        + "<numFmt numFmtId=\"201\" formatCode=\"#,##0.00\\ &quot;yuan&quot;\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
                        + "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"200\"/><xf numFmtId=\"201\"/></cellXfs></styleSheet>");
        parts.put(SHEET, "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
        parts.put(STRINGS, "<sst/>");
    }

    /** A workbook in the strict form of ISO/IEC 29500, whose namespaces and types of relations are others. */
    public static BookParts strict(String rows) {
        BookParts book = new BookParts(rows);
        book.parts.replaceAll((part, content) -> content.replace(
                        "http://schemas.openxmlformats.org/officeDocument/2006/",
                        "http://purl.oclc.org/ooxml/officeDocument/")
                .replaceFirst(
                        "<(workbook|worksheet|styleSheet|sst)\\b",
                        "<$1 xmlns=\"http://purl.oclc.org/ooxml/spreadsheetml/main\""));
        return book;
    }

    private static String type(String part, String type) {
        return "<Override PartName=\"/" + part + "\" ContentType=\"" + TYPES + type + "+xml\"/>";
    }

    public static String relation(String id, String type, String target) {
        return "<Relationship Id=\"" + id + "\" Type=\"" + RELATIONS + type + "\" Target=\"" + target + "\"/>";
    }

    public BookParts with(String part, String content) {
        parts.put(part, content);
        return this;
    }

    public BookParts replace(String part, String text, String other) {
        return with(part, parts.get(part).replace(text, other));
    }

    public BookParts without(String part) {
        parts.remove(part);
        return this;
    }

    /** The workbook gets one relation more. */
    public BookParts related(String relation) {
        return replace(DIRECT, "</Relationships>", relation + "</Relationships>");
    }

    public byte[] zip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, String> part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
