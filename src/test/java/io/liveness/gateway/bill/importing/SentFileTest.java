package io.liveness.gateway.bill.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.importing.ReceiveFile.SentFile;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no bill in a form that can be read is named, with what to do. */
class SentFileTest {

    private static final MediaType CSV = new MediaType("text", "csv");
    private static final MediaType XLSX =
            new MediaType("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    private static final String SAVE = "open it in a spreadsheet and save it as XLSX or CSV";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "UTF-8    | <html><table><tr><td>0434001</td></tr></table></html>",
                "UTF-8    | <!DOCTYPE html>",
                "UTF-8    | ~\ufeff\n <table border=1>~",
                "UTF-8    | <META http-equiv=Content-Type>",
                "UTF-16   | <html>",
                "UTF-16LE | <?xml version='1.0'?><Workbook/>",
                "GB18030  | <?xml version='1.0'?><!-- 账单 --><Workbook/>",
                "UTF-8    | <Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
            })
    void html_and_xml_under_the_name_of_a_workbook_are_named(String charset, String text) {
        byte[] file = text.getBytes(Charset.forName(charset));

        for (MediaType type : new MediaType[] {CSV, XLSX, null}) {
            assertThat(refusal(type, file))
                    .startsWith(
                            "is HTML or XML, as some programs write it under the name of a workbook (.xls); " + SAVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sheetjs.ods", "libreoffice.ods"})
    void an_open_document_is_named(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream("/workbooks/" + name)) {
            byte[] file = in.readAllBytes();

            assertThat(refusal(CSV, file)).isEqualTo("is an OpenDocument file (ODS); " + SAVE);
            assertThat(refusal(XLSX, file)).isEqualTo("is an OpenDocument file (ODS); " + SAVE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"taskNo,time\n", "<3,time\n", "账单\n"})
    void a_csv_file_is_a_csv_file(String text) {
        byte[] file = text.getBytes(StandardCharsets.UTF_8);

        assertThat(refusal(CSV, file)).isEmpty();
        assertThat(refusal(XLSX, file)).startsWith("is not XLSX; send CSV with Content-Type");
    }

    /** Empty when there is none. */
    private static String refusal(MediaType type, byte[] file) {
        try {
            SentFile.of(InputStream.nullInputStream(), type).requireBeginning(file, file.length);
            return "";
        } catch (ProblemException refused) {
            return refused.errors().get(0).message();
        }
    }
}
