package io.liveness.gateway.platform.query;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/** The query parameters of a page, as they were sent. */
public class PageQuery {

    @QueryParam("pageSize")
    String pageSize;

    @QueryParam("pageToken")
    String pageToken;

    /** The size is from 1 to {@link Parameters#MAX_PAGE_SIZE}. */
    public int size() {
        return Parameters.pageSize(pageSize);
    }

    /** The last row of the page before. */
    public Optional<UUID> after(List<?> filters) {
        return Optional.ofNullable(pageToken)
                .map(token -> PageToken.decode(token, filters).after());
    }

    /**
     * The page that is asked for.
     *
     * @param filters what its token is bound to
     * @param read reads so many rows, from the one after a row on
     */
    public <R> Page<R> page(List<?> filters, BiFunction<Optional<UUID>, Integer, List<R>> read, Function<R, UUID> id) {
        return page(read.apply(after(filters), size() + 1), filters, id);
    }

    /** The page that is asked for, of its rows and one more. */
    public <R> Page<R> page(List<R> rows, List<?> filters, Function<R, UUID> id) {
        return Page.of(rows, size(), row -> row, last -> new PageToken(id.apply(last)).encode(filters));
    }

    /** Where all is answered at once, to ask for a page of it is a mistake. */
    public void requireNone() {
        List<FieldError> given = Stream.of(new String[] {"pageSize", pageSize}, new String[] {"pageToken", pageToken})
                .filter(parameter -> parameter[1] != null)
                .map(parameter -> new FieldError(
                        parameter[0], "must be left out: a file contains every item that matches the filters"))
                .toList();
        if (!given.isEmpty()) {
            throw ProblemException.invalid(given);
        }
    }
}
