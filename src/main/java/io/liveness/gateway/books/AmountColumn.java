package io.liveness.gateway.books;

import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.Row;
import io.liveness.gateway.platform.file.Table.Form;

/**
 * The form of a column of amounts in files: numbers with the digits of {@link Money#decimal}.
 *
 * @param currency the column with the currency
 */
public record AmountColumn(int currency) implements Form {

    @Override
    public void write(Row row, int column, Cells cells) {
        cells.number(row.text(column) == null ? null : new Money(row.number(column), row.text(currency)).amount());
    }
}
