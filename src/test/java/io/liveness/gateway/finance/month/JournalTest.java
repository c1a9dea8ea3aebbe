package io.liveness.gateway.finance.month;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.liveness.gateway.finance.month.MadeUpBooks.End;
import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vouchers of a month balance, and are the same bytes once it is closed. */
@QuarkusTest
class JournalTest {

    private static final String JOURNAL = "/v1/journal";
    private static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private static final YearMonth MARCH = YearMonth.of(2001, 3);
    private static final YearMonth APRIL = YearMonth.of(2001, 4);
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(properties|csv)\n(.*?)^```$");

    private final PeriodApi periods = new PeriodApi();

    @Inject
    Stored stored;

    private MadeUpBooks books;

    @BeforeEach
    @AfterEach
    void remove_all_months() throws SQLException {
        books = new MadeUpBooks(stored);
        books.remove();
    }

    /** What a line of the journal should say, without its number and texts. */
    private record Expected(String kind, String costCentre, String debit, String credit, String currency) {}

    /** What the test has put into a month: fees that ended as charges or are open, and corrections. */
    private record Put(
            YearMonth counts, String kind, String ofMonth, String currency, String costCentre, BigDecimal amount) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13})
    void a_voucher_of_any_month_balances_and_its_payable_is_that_of_the_summary(long seed) throws SQLException {
        Random random = new Random(seed);
        List<Put> put = new ArrayList<>();
        Map<UUID, Put> fees = new LinkedHashMap<>();
        for (int n = 0; n < 30; n++) {
            putFee(random, MARCH, List.of(End.PASSED, End.NOT_PASSED, End.FAILED, End.LOST_AND_BACK), put, fees);
        }
        List<UUID> ofMarch = List.copyOf(fees.keySet());
        correct(random, MARCH, ofMarch, null, put, fees);
        periods.closed(MARCH.toString());
        for (int n = 0; n < 30; n++) {
            putFee(random, APRIL, List.of(End.values()), put, fees);
        }
        correct(random, APRIL, ofMarch, MARCH, put, fees);
        List<UUID> ofApril =
                fees.keySet().stream().filter(id -> !ofMarch.contains(id)).toList();
        correct(random, APRIL, ofApril, null, put, fees);

        for (YearMonth month : List.of(MARCH, APRIL)) {
            List<CSVRecord> rows = rows(month);
            assertThat(rows)
                    .extracting(row -> new Expected(
                            row.get("kind"),
                            row.get("costCentre"),
                            row.get("debit"),
                            row.get("credit"),
                            row.get("currency")))
                    .containsExactlyElementsOf(expected(put, month));
            assertThat(rows)
                    .isNotEmpty()
                    .extracting(row -> row.get("status"))
                    .containsOnly(month.equals(MARCH) ? "FINAL" : "PROVISIONAL");
            for (Map<String, String> total : totals(month)) {
                String currency = total.get("currency");
                assertThat(sum(rows, currency, "debit")).isEqualByComparingTo(sum(rows, currency, "credit"));
                List<CSVRecord> payable = rows.stream()
                        .filter(row -> row.get("account").equals("2202"))
                        .toList();
                assertThat(sum(payable, currency, "credit").subtract(sum(payable, currency, "debit")))
                        .isEqualByComparingTo(total.get("payable"));
            }
        }
        assertThat(rows(APRIL)).extracting(row -> row.get("text")).contains("活体检测费 2001-04 更正 2001-03");
    }

    private void putFee(Random random, YearMonth month, List<End> ends, List<Put> put, Map<UUID, Put> fees)
            throws SQLException {
        End end = oneOf(random, ends);
        String currency = oneOf(random, List.of("CNY", "CNY", "USD"));
        String costCentre = oneOf(random, Arrays.asList("retail", "a.b", "-x", null));
        BigDecimal amount = new BigDecimal(oneOf(random, List.of("0.805", "0.80", "0.004999", "0.0000015", "12.345")))
                .setScale(6, RoundingMode.DOWN);
        UUID id = books.fee(
                month.atDay(1 + random.nextInt(28)).atStartOfDay(SHANGHAI).toInstant(),
                end,
                amount.movePointRight(6).longValueExact(),
                currency,
                "shop",
                costCentre);
        String kind =
                switch (end) {
                    case PASSED, NOT_PASSED -> "FEES";
                    case LOST, PENDING -> "ACCRUAL";
                    default -> null;
                };
        Put fee = new Put(month, kind, null, currency, costCentre, amount);
        if (kind != null) {
            put.add(fee);
        }
        if (end.hasEnded()) {
            fees.put(id, fee);
        }
    }

    private void correct(
            Random random, YearMonth counts, List<UUID> of, YearMonth ofMonth, List<Put> put, Map<UUID, Put> fees)
            throws SQLException {
        for (int n = 0; n < 8; n++) {
            UUID id = oneOf(random, of);
            Put fee = fees.get(id);
            BigDecimal amount = random.nextBoolean() ? fee.amount().negate() : new BigDecimal("0.050001");
            books.adjustment(
                    id,
                    amount.movePointRight(6).longValueExact(),
                    fee.currency(),
                    counts.atDay(28).atTime(12, 0).atZone(SHANGHAI).toInstant());
            put.add(new Put(
                    counts,
                    ofMonth == null ? "FEES" : "CORRECTIONS",
                    ofMonth == null ? null : ofMonth.toString(),
                    fee.currency(),
                    fee.costCentre(),
                    amount));
        }
    }

    /** The lines of a month, computed plainly: each is rounded, and the remainder is one more. */
    private static List<Expected> expected(List<Put> put, YearMonth month) {
        List<Expected> lines = new ArrayList<>();
        for (String currency : List.of("CNY", "USD")) {
            List<Put> here = put.stream()
                    .filter(one -> one.counts().equals(month) && one.currency().equals(currency))
                    .toList();
            BigDecimal remainder = BigDecimal.ZERO;
            for (String kind : List.of("FEES", "CORRECTIONS", "ACCRUAL")) {
                // The guard against formulas is part of the file.
                for (String costCentre : Arrays.asList("-x", "a.b", "retail", null)) {
                    BigDecimal sum = total(here.stream()
                            .filter(one -> one.kind().equals(kind) && Objects.equals(one.costCentre(), costCentre))
                            .toList());
                    String shown = costCentre == null ? "-" : costCentre.equals("-x") ? "'-x" : costCentre;
                    remainder = remainder.add(addLine(lines, kind, shown, sum, currency));
                }
            }
            BigDecimal open = total(
                    here.stream().filter(one -> one.kind().equals("ACCRUAL")).toList());
            BigDecimal payable = total(here).subtract(open);
            remainder = remainder.add(addLine(lines, "PAYABLE", "", payable.negate(), currency));
            remainder = remainder.add(addLine(lines, "ACCRUED", "", open.negate(), currency));
            addLine(lines, "ROUNDING", "", remainder.negate(), currency);
        }
        return lines;
    }

    private static BigDecimal addLine(
            List<Expected> lines, String kind, String costCentre, BigDecimal exact, String currency) {
        BigDecimal debit = exact.setScale(2, RoundingMode.HALF_UP);
        if (debit.signum() != 0) {
            String amount = debit.abs().toPlainString();
            lines.add(
                    debit.signum() > 0
                            ? new Expected(kind, costCentre, amount, "", currency)
                            : new Expected(kind, costCentre, "", amount, currency));
        }
        return debit;
    }

    private static BigDecimal total(List<Put> put) {
        return put.stream().map(Put::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal sum(List<CSVRecord> rows, String currency, String column) {
        return rows.stream()
                .filter(row ->
                        row.get("currency").equals(currency) && !row.get(column).isEmpty())
                .map(row -> new BigDecimal(row.get(column)))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private List<Map<String, String>> totals(YearMonth month) {
        return periods.finance
                .request()
                .queryParam("groupBy", "month")
                .queryParam("from", start(month))
                .queryParam("to", start(month.plusMonths(1)))
                .get(Api.CHARGES + "/summary")
                .then()
                .statusCode(200)
                .extract()
                .path("totals");
    }

    @Test
    void a_closed_month_has_the_same_bytes_each_time_and_a_workbook_the_time_of_the_close() throws Exception {
        books.fee(at(MARCH), End.PASSED, 805_000, "CNY", "shop", "retail");
        String closedAt = (String) periods.closed(MARCH.toString()).get("closedAt");

        byte[] csv = file(MARCH, "text/csv", "default");
        byte[] workbook = file(MARCH, XLSX, "default");

        assertThat(file(MARCH, "text/csv", "default")).isEqualTo(csv);
        assertThat(file(MARCH, XLSX, "default")).isEqualTo(workbook);
        Map<String, ZipEntry> parts = new TreeMap<>();
        assertThat(part(workbook, "docProps/core.xml", parts))
                .contains(">" + Instant.parse(closedAt).truncatedTo(ChronoUnit.SECONDS) + "<");
        assertThat(parts.values())
                .extracting(entry -> entry.getTimeLocal().toString())
                .containsOnly("1980-01-01T00:00");
        try (ReadableWorkbook book = new ReadableWorkbook(new ByteArrayInputStream(workbook))) {
            List<Row> rows = book.getFirstSheet().read();
            assertThat(rows).hasSize(3);
            assertThat(rows.get(1).getCellAsNumber(9)).contains(new BigDecimal("0.81"));
            assertThat(rows.get(1).getCellText(6)).isEqualTo("活体检测费 2001-03");
        }
    }

    private static String part(byte[] workbook, String name, Map<String, ZipEntry> parts) throws IOException {
        String found = null;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(workbook))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String content = new String(zip.readAllBytes(), StandardCharsets.UTF_8);
                parts.put(entry.getName(), entry);
                found = entry.getName().equals(name) ? content : found;
            }
        }
        return found;
    }

    @Test
    void until_the_close_a_file_is_provisional_by_its_name_and_has_the_open_fees_as_accruals() throws SQLException {
        books.fee(at(MARCH), End.PENDING, 805_000, "CNY", "shop", "retail");
        books.fee(at(MARCH), End.LOST, 805_000, "CNY", "shop", null);

        assertThat(get(MARCH.toString(), "default", "text/csv")
                        .statusCode(200)
                        .extract()
                        .header("Content-Disposition"))
                .matches("attachment; filename=\"journal-2001-03-provisional-[0-9-]+\\.csv\"");
        assertThat(rows(MARCH))
                .extracting(row -> String.join(
                        " ",
                        row.get("kind"),
                        row.get("account"),
                        row.get("costCentre"),
                        row.get("debit"),
                        row.get("credit")))
                .containsExactly(
                        "ACCRUAL 6602 retail 0.81 ",
                        "ACCRUAL 6602 - 0.81 ",
                        "ACCRUED 2241   1.61",
                        "ROUNDING 6603   0.01");
    }

    @Test
    void a_month_without_anything_to_enter_has_no_voucher() throws SQLException {
        books.fee(at(MARCH), End.FAILED);

        assertThat(rows(MARCH)).isEmpty();
    }

    /** The document shows October 2026, which here is one of 2019. */
    @Test
    void the_layouts_of_the_document_give_the_bytes_that_it_shows() throws Exception {
        YearMonth october = YearMonth.of(2019, 10);
        UUID before = books.fee(at(october.minusMonths(1)), End.PASSED, 800_000, "CNY", "shop", "retail");
        periods.closed("2019-09");
        books.fee(at(october), End.PASSED, 805_000, "CNY", "shop", "retail");
        books.fee(at(october), End.NOT_PASSED, 805_000, "CNY", "shop", null);
        books.adjustment(before, -800_000, "CNY", at(october));
        periods.closed("2019-10");
        String document = Files.readString(Path.of("docs/finance.md"));
        List<String[]> blocks = BLOCK.matcher(
                        document.substring(document.indexOf("## Journal"), document.indexOf("## Audit list")))
                .results()
                .map(block -> new String[] {block.group(1), block.group(2)})
                .toList();
        assertThat(blocks)
                .extracting(block -> block[0])
                .containsExactly("csv", "properties", "csv", "properties", "csv", "properties", "csv");

        assertThat(file(october, "text/csv", "default")).isEqualTo(shown(blocks.get(0)[1], "\uFEFF", "UTF-8"));
        assertThat(file(october, "text/csv", "u8")).isEqualTo(shown(blocks.get(2)[1], "", "GB18030"));
        assertThat(file(october, "text/csv", "k3")).isEqualTo(shown(blocks.get(4)[1], "\uFEFF", "UTF-8"));
        assertThat(file(october, "text/csv", "netsuite")).isEqualTo(shown(blocks.get(6)[1], "", "UTF-8"));
        get("2019-10", "u8", "text/csv")
                .contentType("text/csv; charset=GB18030")
                .header("Content-Disposition", endsWith("\"journal-2019-10-u8.csv\""));
        for (int at = 1; at < blocks.size(); at += 2) {
            Properties properties = new Properties();
            properties.load(new StringReader(blocks.get(at)[1]));
            assertThat(properties)
                    .isNotEmpty()
                    .allSatisfy((name, value) -> assertThat(ConfigProvider.getConfig()
                                    .getConfigValue((String) name)
                                    .getValue())
                            .isEqualTo(value));
        }
    }

    private static byte[] shown(String block, String mark, String charset) {
        return (mark + block.replace("2026", "2019").replace("\n", "\r\n")).getBytes(Charset.forName(charset));
    }

    @Test
    void what_is_malformed_is_a_400_that_names_the_field_and_an_unknown_month_a_404() {
        get("2001-03", "sap", "text/csv")
                .statusCode(400)
                .body("errors[0].field", is("layout"))
                .body("errors[0].message", is("must be one of [default, k3, netsuite, u8]"));
        get("2001-13", "default", "text/csv").statusCode(400).body("errors[0].field", is("month"));
        periods.finance
                .request()
                .accept("text/csv")
                .get(JOURNAL)
                .then()
                .statusCode(400)
                .body("errors[0].field", is("month"))
                .body("errors[0].message", containsString("2026-10"));
        get("1999-01", "default", "text/csv").statusCode(404).body("code", equalTo("not-found"));
    }

    @Test
    void a_journal_that_was_sent_is_on_the_audit_list() throws SQLException {
        books.fee(at(MARCH), End.PASSED);
        periods.admin
                .request()
                .queryParam("month", "2001-03")
                .get(JOURNAL)
                .then()
                .statusCode(200);

        periods.finance
                .request()
                .queryParam("who", periods.admin.caller())
                .get("/v1/audit")
                .then()
                .statusCode(200)
                .body("items[0].what", is("exported"))
                .body("items[0].subject", is("journal"))
                .body("items[0].detail.month", is("2001-03"))
                .body("items[0].detail.layout", is("default"))
                .body("items[0].detail.type", is("csv"));
    }

    private List<CSVRecord> rows(YearMonth month) {
        String csv = new String(file(month, "text/csv", "default"), StandardCharsets.UTF_8);
        try {
            return CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(new StringReader(csv.substring(1)))
                    .getRecords();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] file(YearMonth month, String type, String layout) {
        return get(month.toString(), layout, type).statusCode(200).extract().asByteArray();
    }

    private ValidatableResponse get(String month, String layout, String type) {
        return periods.finance
                .request()
                .accept(type)
                .queryParam("month", month)
                .queryParam("layout", layout)
                .get(JOURNAL)
                .then();
    }

    private static String start(YearMonth month) {
        return month.atDay(1).atStartOfDay(SHANGHAI).toInstant().toString();
    }

    private static Instant at(YearMonth month) {
        return month.atDay(5).atTime(12, 0).atZone(SHANGHAI).toInstant();
    }

    private static <T> T oneOf(Random random, List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
