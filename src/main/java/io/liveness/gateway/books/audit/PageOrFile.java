package io.liveness.gateway.books.audit;

import io.liveness.gateway.platform.file.Cells;
import io.liveness.gateway.platform.file.Exports;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.file.Table;
import io.liveness.gateway.platform.http.JsonTime;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Answers with a list: a page of it as JSON, or all that its filter fits as a file, whichever the request accepts. */
@Singleton
public class PageOrFile {

    private final Exports exports;
    private final Audit audit;
    private final Clock clock;
    private final SecurityIdentity identity;

    PageOrFile(Exports exports, Audit audit, Clock clock, SecurityIdentity identity) {
        this.exports = exports;
        this.audit = audit;
        this.clock = clock;
        this.identity = identity;
    }

    /** The query parameters of such a list, without its filter. */
    public static class FileQuery extends PageQuery {

        @QueryParam("timeZone")
        String timeZone;
    }

    /**
     * An order for a file.
     *
     * @param zone of the times in it
     * @param filter the parameters of the API that select its rows, by their names, without control characters
     */
    public record Order(ChargeViewer by, Instant at, ZoneId zone, Map<String, String> filter) {

        /** The filter in one line, for the log. */
        String description() {
            return filter.isEmpty()
                    ? "none"
                    : filter.entrySet().stream()
                            .map(one -> one.getKey() + "=" + one.getValue())
                            .collect(Collectors.joining("&"));
        }

        /** The first rows of its totals. */
        public void begin(Cells cells, String exportedBy) {
            cells.row("exportedBy", exportedBy);
            cells.row("exportedAt", at);
            cells.row("timeZone", zone.getId());
        }
    }

    /** The parameters of a filter that are given, by their names, as the API has them. */
    public static final class GivenFilters {

        private final Map<String, String> texts = new LinkedHashMap<>();

        public GivenFilters with(String name, Optional<?> value) {
            value.ifPresent(
                    given -> texts.put(name, given instanceof Instant time ? JsonTime.text(time) : given.toString()));
            return this;
        }

        public Map<String, String> texts() {
            return texts;
        }
    }

    /** The file of such a list. */
    public abstract static class Listing extends Table {

        protected final Order order;

        protected Listing(String name, List<Column> columns, Order order) {
            super(name, order.description(), columns);
            this.order = order;
        }
    }

    /**
     * Answers a request.
     *
     * @param filter the parameters of the API that it holds, by their names
     * @param page reads the page, when one is wanted
     * @param file makes the table, when a file is wanted
     */
    public Response answer(
            FileQuery query,
            Map<String, String> filter,
            Supplier<Page<?>> page,
            Function<Order, Table> file,
            Request accepted,
            RoutingContext request) {
        ZoneId zone = Parameters.timeZone(query.timeZone);
        Function<Order, Table> wholeFile = order -> {
            query.requireNone();
            return file.apply(order);
        };
        return answer(ChargeViewer.of(identity), zone, filter, page, wholeFile, accepted, request);
    }

    /**
     * Answers with something that has no pages: as JSON, or as a file, whichever the request accepts.
     *
     * @param by the reader
     * @param zone of the times in a file
     * @param json makes the answer, when JSON is wanted
     */
    public Response answer(
            ChargeViewer by,
            ZoneId zone,
            Map<String, String> filter,
            Supplier<?> json,
            Function<Order, Table> file,
            Request accepted,
            RoutingContext request) {
        Optional<FileType> type = FileType.wanted(accepted);
        if (type.isEmpty()) {
            return json(json.get());
        }
        // Lines of the log are told apart by their ends.
        Map<String, String> clean = new LinkedHashMap<>(filter);
        clean.replaceAll((name, value) -> value.replaceAll("\\p{Cntrl}", "?"));
        Table table = file.apply(new Order(by, clock.instant(), zone, clean));
        return file(by, table, type.get(), zone, clean, request);
    }

    /**
     * Answers with a file. That of one who sees all callers' is on the audit list before its first byte; a caller's own is not.
     *
     * @param zone of the times in it
     * @param selected the parameters of the API that select its rows, by their names, for the audit list
     */
    public Response file(
            Table table, FileType type, ZoneId zone, Map<String, String> selected, RoutingContext request) {
        return file(ChargeViewer.of(identity), table, type, zone, selected, request);
    }

    private Response file(
            ChargeViewer by,
            Table table,
            FileType type,
            ZoneId zone,
            Map<String, String> selected,
            RoutingContext request) {
        Map<String, String> detail = new LinkedHashMap<>(selected);
        detail.put("type", type.label());
        if (type == FileType.CSV || type == FileType.XLSX) {
            detail.put("timeZone", zone.getId());
        }
        Actor actor = Actor.of(identity);
        Runnable recorded = () -> {
            if (by.seesAll()) {
                audit.record(AuditedAct.EXPORTED, actor, table.name(), detail);
            }
        };
        return exports.answer(new Exports.Order(by.limited(), type, zone, table, recorded), request.request());
    }

    /** Answers with JSON, under the media type that the framework writes where an operation has no other one. */
    public static Response json(Object body) {
        return Response.ok(body, MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8"))
                .build();
    }
}
