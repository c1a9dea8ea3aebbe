package io.liveness.gateway.platform.postgres;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Turns a list of values into arrays, one for each column: the parameters of a statement for many rows at once. */
public final class Columns<T> {

    private final List<T> rows;
    private final List<Object> arguments = new ArrayList<>();

    public Columns(List<T> rows) {
        this.rows = rows;
    }

    public <C> Columns<T> add(IntFunction<C[]> array, Function<T, C> column) {
        arguments.add(rows.stream().map(column).toArray(array));
        return this;
    }

    /** A parameter that is the same for all rows. */
    public Columns<T> same(Object value) {
        arguments.add(value);
        return this;
    }

    public Tuple tuple() {
        return Tuple.tuple(arguments);
    }
}
