package io.liveness.gateway.books;

import io.liveness.gateway.platform.file.Table.Form;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is said of a line of a bill, or of its fee. It is stored as a code with the values that its sentence names; answers and files tell
 * the sentence, and the console has one for each code in its languages.
 *
 * @param values by their names in the sentence: ids, numbers, or the name of a column
 */
public record BillDetail(Code code, Map<String, String> values) {

    private static final String CODE = "code";
    private static final Pattern NAMED = Pattern.compile("\\{(\\w+)}");

    /** What may be said. A cell that cannot be read is not repeated. */
    public enum Code {
        CHARGED_TWICE("charged-twice", "statement {statement} has charged the fee on line {line}"),
        ADJUSTED_ELSEWHERE(
                "adjusted-elsewhere",
                "an adjustment of the fee to what statement {statement} says is accepted or proposed: take that back first"),
        ON_LINE_OF("on-line-of", "on line {line} of statement {statement}"),
        SEVERAL_FIT("several-fit", "more than one line or fee without a task number fits by time and amount"),
        FOUND_BY_TIME("found-by-time", "found by time and amount: the answer of this init was lost"),
        RETURNED("fee-returned", "the fee is returned, and the bill lists charges only"),
        BY_HAND("matched-by-hand", "matched by hand"),
        OUTSIDE("outside-period", "the line is outside of the stated period"),
        SUM_STATED("sum-stated", "sum of the lines, as the file states it"),
        SUM_UNREADABLE("sum-unreadable", "the sum that line {line} of the file states cannot be read"),
        LINES_STATED("lines-stated", "the file states {stated} lines and has {lines}"),
        INVOICE("invoice", "invoice, against the lines that are charges"),
        MORE_CELLS(
                "more-cells",
                "has {cells} cells, the header {header}: a cell with a separator in it must be in quotes"),
        CELL_EMPTY("cell-empty", "column {column} is empty"),
        CELL_NO_TASK_NO("cell-no-task-no", "column {column} is not 1 to 64 visible ASCII characters"),
        CELL_ROUNDED(
                "cell-rounded", "column {column} is a number that a spreadsheet has rounded; save the column as text"),
        CELL_ROUNDED_TO_15(
                "cell-rounded-to-zeros",
                "column {column} is a number that a spreadsheet has rounded to 15 digits, with zeros behind them; save the column as text"),
        CELL_NO_TIME("cell-no-time", "column {column} is no time of 2000 to 2099 in a form of the mapping"),
        CELL_NO_STATUS("cell-no-status", "column {column} is no status word of the mapping"),
        CELL_NO_COUNT("cell-no-count", "column {column} is no whole number"),
        CELL_NEGATIVE("cell-negative", "column {column} is negative"),
        CELL_POSITIVE("cell-positive", "column {column} is positive, where the mapping has fees as negative numbers"),
        CELL_TOO_LARGE("cell-too-large", "column {column} is no amount of a fee: it is too large"),
        CELL_NO_AMOUNT("cell-no-amount", "column {column} is no amount such as 0.80 or 1,234.50"),
        CELL_DECIMAL_COMMA(
                "cell-decimal-comma", "column {column} has a comma in place of the decimal point; write 0.80 for 0,80"),
        CELL_OTHER_UNIT(
                "cell-other-unit",
                "column {column} names the major unit, where the mapping has amounts in the minor one (分); correct the mapping's unit"),
        CELL_NO_SIGN(
                "cell-no-sign", "column {column} is zero, whose sign is no status; use a mapping with a status column"),
        CELL_BOTH_SIGNS(
                "cell-both-signs",
                "column {column} has another sign than on line {line}, where all lines have one status; let the mapping's sign be the status"),
        CELL_NO_CURRENCY("cell-no-currency", "column {column} is no currency such as CNY"),
        CELL_OTHER_CURRENCY(
                "cell-other-currency",
                "column {column} has {theirs}, the mapping {ours}; have a bill of each currency, and a mapping for each"),
        CELL_TOO_FINE(
                "cell-too-fine", "column {column} is finer than a ten-thousandth of a minor unit of the currency"),
        CELL_PARTED(
                "cell-parted",
                "column {column} may be wrong: a number such as 1,234.50 is parted by its comma, and must be in quotes"),
        CELL_ERROR("cell-error", "column {column} is an error of a formula"),
        CELL_NOT_CALCULATED(
                "cell-not-calculated",
                "column {column} is a formula whose value is not in the file; open it in a spreadsheet and save it");

        private static final Map<String, Code> BY_CODE =
                Arrays.stream(values()).collect(Collectors.toMap(Code::code, Function.identity()));

        private final String code;
        private final String sentence;

        Code(String code, String sentence) {
            this.code = code;
            this.sentence = sentence;
        }

        /** The word that is stored, and that the API tells. */
        public String code() {
            return code;
        }

        /** The sentence has the names of its values in braces. */
        String sentence() {
            return sentence;
        }

        /** @param namesAndValues a name of the sentence, its value, and so on */
        public BillDetail with(Object... namesAndValues) {
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                values.put((String) namesAndValues[i], namesAndValues[i + 1].toString());
            }
            return new BillDetail(this, values);
        }
    }

    /** A column of files that holds what is stored: its cells have the sentence. */
    public static final Form COLUMN = (row, column, cells) ->
            cells.text(row.text(column) == null ? null : of(row.text(column)).text());

    /** Reads what {@link #stored} has made. */
    public static BillDetail of(String stored) {
        Map<String, String> values = new LinkedHashMap<>();
        new JsonObject(stored).forEach(field -> values.put(field.getKey(), (String) field.getValue()));
        return new BillDetail(Code.BY_CODE.get(values.remove(CODE)), values);
    }

    /** A JSON object of code and values. */
    public String stored() {
        JsonObject json = new JsonObject().put(CODE, code.code());
        values.forEach(json::put);
        return json.encode();
    }

    /** The sentence. */
    public String text() {
        return NAMED.matcher(code.sentence)
                .replaceAll((MatchResult name) -> Matcher.quoteReplacement(values.get(name.group(1))));
    }
}
