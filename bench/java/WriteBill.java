import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes of a bill as CSV one as XLSX, as Excel saves it: texts as shared strings in a part behind the sheet, dates and amounts as numbers.
 * Arguments: the file that is read, the file that is written.
 */
final class WriteBill {

    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private static final double SECONDS_OF_A_DAY = 86_400;
    /** 1 January 1970, in days of Excel. */
    private static final int EPOCH = 25_569;

    private final Map<String, Integer> strings = new LinkedHashMap<>();
    private final ZipOutputStream zip;
    private final Writer out;

    private WriteBill(ZipOutputStream zip) {
        this.zip = zip;
        this.out = new OutputStreamWriter(zip, StandardCharsets.UTF_8);
    }

    public static void main(String[] files) throws IOException {
        try (BufferedReader csv = Files.newBufferedReader(Path.of(files[0]));
                ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(Path.of(files[1])))) {
            new WriteBill(zip).write(csv);
        }
    }

    private void write(BufferedReader csv) throws IOException {
        part(
                "[Content_Types].xml",
                "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                        + type("workbook.xml", "sheet.main") + type("worksheets/sheet1.xml", "worksheet") + type("styles.xml", "styles")
                        + type("sharedStrings.xml", "sharedStrings") + "</Types>");
        part("_rels/.rels", relations(relation(1, "officeDocument", "xl/workbook.xml")));
        part(
                "xl/workbook.xml",
                "<workbook xmlns:r=\"" + RELATIONS + "\"><sheets><sheet name=\"bill\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
        part(
                "xl/_rels/workbook.xml.rels",
                relations(relation(1, "worksheet", "worksheets/sheet1.xml") + relation(2, "sharedStrings", "sharedStrings.xml")
                        + relation(3, "styles", "styles.xml")));
        zip.putNextEntry(new ZipEntry("xl/worksheets/sheet1.xml"));
        out.write("<worksheet><sheetData>");
        int row = 0;
        for (String line = csv.readLine(); line != null; line = csv.readLine()) {
            row(++row, line.split(","));
        }
        out.write("</sheetData></worksheet>");
        end();
        part("xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>");
        zip.putNextEntry(new ZipEntry("xl/sharedStrings.xml"));
        out.write("<sst>");
        for (String text : strings.keySet()) {
            out.write("<si><t>" + text + "</t></si>");
        }
        out.write("</sst>");
        end();
    }

    private void row(int number, String[] cells) throws IOException {
        out.write("<row r=\"" + number + "\">");
        for (int column = 0; column < cells.length; column++) {
            String place = "<c r=\"" + (char) ('A' + column) + number + "\"";
            if (number > 1 && column == 1) {
                LocalDateTime time = LocalDateTime.parse(cells[1].replace(' ', 'T'));
                out.write(place + " s=\"1\"><v>" + (EPOCH + time.toEpochSecond(ZoneOffset.UTC) / SECONDS_OF_A_DAY) + "</v></c>");
            } else if (number > 1 && column == 3) {
                out.write(place + "><v>" + Double.parseDouble(cells[3]) + "</v></c>");
            } else {
                out.write(place + " t=\"s\"><v>" + strings.computeIfAbsent(cells[column], text -> strings.size()) + "</v></c>");
            }
        }
        out.write("</row>");
    }

    private static String type(String part, String type) {
        return "<Override PartName=\"/xl/" + part + "\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml."
                + type + "+xml\"/>";
    }

    private static String relations(String content) {
        return "<Relationships>" + content + "</Relationships>";
    }

    private static String relation(int id, String type, String target) {
        return "<Relationship Id=\"r" + id + "\" Type=\"" + RELATIONS + "/" + type + "\" Target=\"" + target + "\"/>";
    }

    private void part(String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        out.write(content);
        end();
    }

    private void end() throws IOException {
        out.flush();
        zip.closeEntry();
    }
}
