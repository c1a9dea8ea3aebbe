package io.liveness.gateway.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One page of a list.
 *
 * @param nextPageToken absent on the last page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(@Schema(required = true) List<T> items, String nextPageToken) {

    /**
     * A page of rows that were read with one more than the page has, which tells whether there is another page.
     *
     * @param token the token of the page after a row
     */
    public static <R, T> Page<T> of(List<R> rows, int pageSize, Function<R, T> view, Function<R, String> token) {
        boolean more = rows.size() > pageSize;
        List<R> shown = more ? rows.subList(0, pageSize) : rows;
        return new Page<>(shown.stream().map(view).toList(), more ? token.apply(shown.get(pageSize - 1)) : null);
    }
}
