package io.liveness.gateway.finance;

import io.liveness.gateway.finance.audit.Audit;
import io.liveness.gateway.platform.export.Cells;
import io.liveness.gateway.platform.export.Exports;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.export.Table;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageQuery;
import io.liveness.gateway.platform.query.Parameters;
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

    /** As the framework writes it where an operation has no other type. */
    private static final MediaType JSON = MediaType.APPLICATION_JSON_TYPE.withCharset("UTF-8");

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
    public static class Query extends PageQuery {

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
        public String description() {
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

    /** The file of such a list. */
    public abstract static class Listing implements Table {

        protected final Order order;
        private final String name;
        private final List<Column> columns;

        protected Listing(String name, List<Column> columns, Order order) {
            this.name = name;
            this.columns = columns;
            this.order = order;
        }

        @Override
        public final String name() {
            return name;
        }

        @Override
        public final String description() {
            return order.description();
        }

        @Override
        public final List<Column> columns() {
            return columns;
        }
    }

    /**
     * Answers a request. A file for finance is on the audit list before its first byte; a caller's own is not.
     *
     * @param filter the parameters of the API that it holds, by their names
     * @param page reads the page, when one is wanted
     * @param file makes the table, when a file is wanted
     */
    public Response answer(
            Query query,
            Map<String, String> filter,
            Supplier<Page<?>> page,
            Function<Order, Table> file,
            Request accepted,
            RoutingContext request) {
        ZoneId zone = Parameters.timeZone(query.timeZone);
        Optional<FileType> type = FileType.wanted(accepted);
        if (type.isEmpty()) {
            return Response.ok(page.get(), JSON).build();
        }
        query.requireNone();
        // Lines of the log are told apart by their ends.
        Map<String, String> clean = new LinkedHashMap<>(filter);
        clean.replaceAll((name, value) -> value.replaceAll("\\p{Cntrl}", "?"));
        ChargeViewer by = ChargeViewer.of(identity);
        Table table = file.apply(new Order(by, clock.instant(), zone, clean));
        Map<String, String> detail = new LinkedHashMap<>(clean);
        detail.put("type", type.get().label());
        detail.put("timeZone", zone.getId());
        Runnable recorded = () -> {
            if (by.seesAll()) {
                audit.recordExport(table.name(), by.actor(), detail);
            }
        };
        return exports.answer(new Exports.Order(by.caller(), type.get(), zone, table, recorded), request.request());
    }
}
