package io.liveness.gateway.platform.postgres;

import io.smallrye.mutiny.Uni;
import io.vertx.pgclient.PgException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Statements that write many rows at once, of which the database may refuse a single one. */
public final class RefusedRows {

    // PostgreSQL documentation, appendix A: data exception, integrity constraint violation, program limit exceeded (as
    // by a value that is too
    // long for an index).
    private static final List<String> REFUSALS = List.of("22", "23", "54");

    private RefusedRows() {}

    /** Whether the database refused a value: the same statement will always fail. */
    public static boolean isRefusal(Throwable failure) {
        return failure instanceof PgException refused
                && refused.getSqlState() != null
                && REFUSALS.contains(refused.getSqlState().substring(0, 2));
    }

    /**
     * Runs a statement for all rows. When the database refuses a value, halves the rows until the refused one is found, so that it fails
     * alone.
     *
     * @param refused called for each refused row
     */
    public static <T> Uni<Void> failAlone(
            List<T> rows, Function<List<T>, Uni<Void>> statement, BiConsumer<T, Throwable> refused) {
        return statement.apply(rows).onFailure(RefusedRows::isRefusal).recoverWithUni(failure -> {
            if (rows.size() == 1) {
                refused.accept(rows.get(0), failure);
                return Uni.createFrom().voidItem();
            }
            int half = rows.size() / 2;
            return failAlone(rows.subList(0, half), statement, refused)
                    .chain(() -> failAlone(rows.subList(half, rows.size()), statement, refused));
        });
    }
}
