package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.export.FormulaGuard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** The template as XLSX: task numbers as text, which a spreadsheet would round otherwise, times as dates, amounts as numbers. */
final class TemplateWorkbook {

    /** Rows that are made ready to be filled in. */
    private static final int READY = 1_000;

    private TemplateWorkbook() {}

    static byte[] of(Mapping mapping) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook book = new Workbook(out, "liveness-gateway", null)) {
            Worksheet sheet = book.newWorksheet("statement");
            write(sheet, mapping);
            sheet.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(Worksheet sheet, Mapping mapping) {
        List<String> fields = new ArrayList<>(mapping.columns().byField().keySet());
        List<String> names = new ArrayList<>(mapping.columns().byField().values());
        for (int column = 0; column < fields.size(); column++) {
            sheet.inlineString(0, column, FormulaGuard.guard(names.get(column)));
            sheet.width(column, 26);
            int row = 1;
            for (String word : Template.words(mapping)) {
                cell(sheet, row++, column, fields.get(column), word, mapping);
            }
            String format = format(fields.get(column), fields.contains("date"));
            if (format != null) {
                sheet.range(1, column, READY, column).style().format(format).set();
            }
        }
        sheet.freezePane(0, 1);
    }

    private static void cell(Worksheet sheet, int row, int column, String field, String word, Mapping mapping) {
        switch (field) {
            case "taskNo" -> sheet.inlineString(row, column, Template.TASK_NO);
            case "date" -> sheet.inlineString(row, column, Template.DAY);
            case "time" -> time(sheet, row, column, mapping);
            case "status" -> sheet.inlineString(row, column, FormulaGuard.guard(word));
            case "count" -> sheet.value(row, column, 1);
            default -> sheet.value(row, column, new BigDecimal(Template.amount(mapping)));
        }
    }

    private static void time(Worksheet sheet, int row, int column, Mapping mapping) {
        if (mapping.columns().date() != null) {
            sheet.inlineString(row, column, Template.TIME_OF_DAY);
        } else {
            sheet.value(row, column, LocalDateTime.ofInstant(Template.TIME, ZoneId.of(mapping.timeZone())));
        }
    }

    private static String format(String field, boolean twoColumns) {
        return switch (field) {
            case "taskNo", "date" -> "@";
            case "time" -> twoColumns ? "@" : "yyyy-mm-dd hh:mm:ss";
            case "amount", "price" -> "0.00";
            default -> null;
        };
    }
}
