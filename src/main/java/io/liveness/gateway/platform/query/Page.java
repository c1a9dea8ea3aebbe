package io.liveness.gateway.platform.query;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One page of a list. */
public final class Page {

    private Page() {}

    /**
     * A page of rows. One row more than the page has was read, which shows whether another page follows.
     *
     * @param token the token of the page after a row
     * @param page makes the page from its items and the token of the next page, null on the last one
     */
    public static <R, V, P> P of(
            List<R> rows,
            int pageSize,
            Function<R, V> view,
            Function<R, String> token,
            BiFunction<List<V>, String, P> page) {
        boolean more = rows.size() > pageSize;
        List<R> shown = more ? rows.subList(0, pageSize) : rows;
        return page.apply(shown.stream().map(view).toList(), more ? token.apply(shown.get(pageSize - 1)) : null);
    }
}
