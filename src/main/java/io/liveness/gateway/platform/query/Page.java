package io.liveness.gateway.platform.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param nextPageToken null on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<V>(List<V> items, String nextPageToken) {

    /**
     * A page of rows. One row more than the page has was read, which shows whether another page follows.
     *
     * @param token the token of the page after a row
     */
    public static <R, V> Page<V> of(List<R> rows, int pageSize, Function<R, V> view, Function<R, String> token) {
        boolean more = rows.size() > pageSize;
        List<R> shown = more ? rows.subList(0, pageSize) : rows;
        return new Page<>(shown.stream().map(view).toList(), more ? token.apply(shown.get(pageSize - 1)) : null);
    }
}
