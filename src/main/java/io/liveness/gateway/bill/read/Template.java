package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.platform.file.FormulaGuard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** A file with the header of a mapping and a line for each status word, to be filled in. */
final class Template {

    private static final String BYTE_ORDER_MARK = "\ufeff";
    private static final Instant TIME = Instant.parse("2026-11-24T08:00:00Z");
    private static final String TEXT = "@";
    private static final String DATE = "yyyy-mm-dd hh:mm:ss";
    private static final List<String> SIGNS = List.of("", "-");
    private static final int WIDTH = 26;
    /** Rows of a sheet that are made ready to be filled in. */
    private static final int READY = 1_000;

    private final Mapping mapping;
    private final ZoneId zone;
    /** Names by field. */
    private final Map<Field, String> columns;
    /** One for each line: a file without a status column has one line, or one with each sign. */
    private final Collection<String> words;

    Template(Mapping mapping) {
        this.mapping = mapping;
        this.zone = ZoneId.of(mapping.timeZone());
        this.columns = mapping.columns().byField();
        this.words = columns.containsKey(Field.STATUS)
                ? mapping.statusWords().keySet()
                : mapping.sign().isStatus() ? SIGNS : List.of("");
    }

    String csv() {
        Stream<String> header = Stream.of(line(columns.values().stream().map(FormulaGuard::guard)));
        Stream<String> lines =
                words.stream().map(word -> line(columns.keySet().stream().map(field -> cell(field, word))));
        return Stream.concat(header, lines).collect(Collectors.joining("", BYTE_ORDER_MARK, ""));
    }

    /** A line of CSV (RFC 4180). Cells with a semicolon or a tab are in quotes too. */
    private static String line(Stream<String> cells) {
        return cells.map(cell -> cell.matches("[^\",\r\n;\t]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"")
                .collect(Collectors.joining(",", "", "\r\n"));
    }

    private String cell(Field field, String word) {
        return switch (field) {
            case TASK_NO -> "043439882226367117195632";
            case DATE -> "2026-11-24";
            case TIME ->
                columns.containsKey(Field.DATE)
                        ? "16:00:00"
                        : new TimeFormat(mapping.timeFormats().get(0), zone).write(TIME);
            case STATUS -> FormulaGuard.guard(word);
            case COUNT -> "1";
            case CURRENCY -> mapping.currency();
            default -> sign(word) + (mapping.unitOfAmounts() == Mapping.Unit.MINOR ? "80" : "0.80");
        };
    }

    private String sign(String word) {
        return mapping.sign() == Mapping.Sign.NEGATIVE ? "-" : mapping.sign().isStatus() ? word : "";
    }

    /** XLSX: task numbers as text, which a spreadsheet would round otherwise, times as dates, amounts as numbers. */
    byte[] workbook() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "liveness-gateway", null)) {
            Worksheet sheet = book.newWorksheet("statement");
            int column = 0;
            for (Map.Entry<Field, String> named : columns.entrySet()) {
                column(sheet, column++, named.getKey(), named.getValue());
            }
            sheet.freezePane(0, 1);
            sheet.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private void column(Worksheet sheet, int column, Field field, String name) {
        String format = format(field);
        sheet.inlineString(0, column, FormulaGuard.guard(name));
        sheet.width(column, WIDTH);
        int row = 1;
        for (String word : words) {
            if (format.equals(DATE)) {
                sheet.value(row++, column, LocalDateTime.ofInstant(TIME, zone));
            } else if (format.equals(TEXT)) {
                sheet.inlineString(row++, column, cell(field, word));
            } else {
                sheet.value(row++, column, new BigDecimal(cell(field, word)));
            }
        }
        sheet.range(1, column, READY, column).style().format(format).set();
    }

    private String format(Field field) {
        return switch (field) {
            case TIME -> columns.containsKey(Field.DATE) ? TEXT : DATE;
            case COUNT -> "0";
            case AMOUNT, PRICE -> mapping.unitOfAmounts() == Mapping.Unit.MINOR ? "0" : "0.00";
            default -> TEXT;
        };
    }
}
