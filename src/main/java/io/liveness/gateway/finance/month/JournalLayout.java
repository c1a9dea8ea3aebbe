package io.liveness.gateway.finance.month;

import io.liveness.gateway.finance.month.JournalText.Field;
import io.liveness.gateway.platform.file.CsvForm;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;

/**
 * The form of a journal's file.
 *
 * @param guarded whether texts are guarded against being taken for formulas
 */
record JournalLayout(List<Column> columns, CsvForm csv, boolean guarded) {

    /** A column: what its cells have. */
    record Column(String header, JournalText cell) {}

    /** The name of the layout where none is given. */
    static final String DEFAULT = "default";

    /** The layout of that name, unless another one is configured under it. */
    static final JournalLayout OURS = new JournalLayout(
            columns(List.of(
                    "status={status}",
                    "voucher={voucher}",
                    "type={type}",
                    "date={date}",
                    "line={line}",
                    "kind={kind}",
                    "text={text}",
                    "account={account}",
                    "costCentre={costCentre}",
                    "debit={debit}",
                    "credit={credit}",
                    "currency={currency}")),
            CsvForm.STANDARD,
            true);

    /** @throws IllegalArgumentException with the reason, beginning with the name of the wrong property in {@code given} */
    static JournalLayout of(Journal.JournalSettings.LayoutSettings given) {
        boolean tab = given.delimiter().equals("tab");
        if (!tab && !List.of("comma", "semicolon").contains(given.delimiter())) {
            throw new IllegalArgumentException("delimiter must be comma, semicolon or tab");
        }
        Charset charset =
                switch (given.encoding()) {
                    case "utf-8", "utf-8-bom" -> StandardCharsets.UTF_8;
                    case "gb18030" -> Charset.forName("GB18030");
                    default -> throw new IllegalArgumentException("encoding must be utf-8, utf-8-bom or gb18030");
                };
        if (!List.of("crlf", "lf").contains(given.lineEnd())) {
            throw new IllegalArgumentException("line-end must be crlf or lf");
        }
        CsvForm csv = new CsvForm(
                tab ? '\t' : given.delimiter().equals("comma") ? ',' : ';',
                charset,
                given.encoding().equals("utf-8-bom"),
                given.lineEnd().equals("crlf") ? "\r\n" : "\n",
                given.firstLine(),
                given.header());
        return new JournalLayout(columns(given.columns()), csv, given.formulaGuard());
    }

    private static List<Column> columns(List<String> given) {
        return given.stream().map(JournalLayout::column).toList();
    }

    private static Column column(String given) {
        int end = given.indexOf('=');
        if (end < 0) {
            throw new IllegalArgumentException("columns must be <header>=<cell>,…; wrong is '" + given + "'");
        }
        try {
            return new Column(
                    given.substring(0, end).strip(),
                    JournalText.parse(given.substring(end + 1).strip(), EnumSet.allOf(Field.class)));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    "columns must be <header>=<cell>,…; wrong is '" + given + "': " + wrong.getMessage(), wrong);
        }
    }
}
