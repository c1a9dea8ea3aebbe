package io.liveness.gateway.statement.mapping;

import io.liveness.gateway.platform.export.FormulaGuard;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A CSV file with the header of a mapping and a line for each status word, to be filled in. */
final class Template {

    private static final String BYTE_ORDER_MARK = "\ufeff";
    static final String TASK_NO = "043439882226367117195632";
    static final Instant TIME = Instant.parse("2026-11-24T08:00:00Z");
    /** Where day and time are in two columns. */
    static final String DAY = "2026-11-24";

    static final String TIME_OF_DAY = "16:00:00";

    private Template() {}

    static String csv(Mapping mapping) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, String> columns = mapping.columns().byField();
        rows.add(columns.values().stream().map(FormulaGuard::guard).toList());
        ZoneId zone = ZoneId.of(mapping.timeZone());
        boolean twoColumns = columns.containsKey("date");
        String time =
                twoColumns ? TIME_OF_DAY : new TimeFormat(mapping.timeFormats().get(0), zone).write(TIME);
        words(mapping)
                .forEach(word -> rows.add(columns.keySet().stream()
                        .map(field -> switch (field) {
                            case "taskNo" -> TASK_NO;
                            case "date" -> DAY;
                            case "time" -> time;
                            case "status" -> FormulaGuard.guard(word);
                            case "count" -> "1";
                            default -> amount(mapping);
                        })
                        .toList()));
        return BYTE_ORDER_MARK
                + rows.stream()
                        .map(row -> row.stream().map(Template::quoted).collect(Collectors.joining(",")) + "\r\n")
                        .collect(Collectors.joining());
    }

    /** One for each line: a file without a status column has one line. */
    static Collection<String> words(Mapping mapping) {
        return mapping.columns().status() == null
                ? List.of("")
                : mapping.statusWords().keySet();
    }

    static String amount(Mapping mapping) {
        return mapping.sign() == Sign.NEGATIVE ? "-0.80" : "0.80";
    }

    /** As RFC 4180 has it. */
    private static String quoted(String cell) {
        return cell.matches("[^\",\r\n;\t]*") ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
    }
}
