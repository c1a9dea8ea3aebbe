package io.liveness.gateway.statement.difference;

import io.liveness.gateway.finance.PageOrFile;
import io.liveness.gateway.ledger.Prices;
import io.liveness.gateway.platform.export.FileType;
import io.liveness.gateway.platform.query.Page;
import io.liveness.gateway.platform.query.PageToken;
import io.liveness.gateway.platform.security.Roles;
import io.liveness.gateway.statement.difference.ListAdjustments.AsFile;
import io.liveness.gateway.statement.difference.ListAdjustments.Filter;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** Adjustments over HTTP. */
@Path("/v1/adjustments")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class AdjustmentResource {

    private final ListAdjustments adjustments;
    private final PageOrFile answers;
    private final Prices prices;

    AdjustmentResource(ListAdjustments adjustments, PageOrFile answers, Prices prices) {
        this.adjustments = adjustments;
        this.answers = answers;
        this.prices = prices;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response list(@BeanParam Filter.Query query, @Context Request accepted, @Context RoutingContext request) {
        Filter filter = query.filter(prices.zone());
        return answers.answer(
                query, filter.text(), () -> page(query, filter), order -> new AsFile(filter, order), accepted, request);
    }

    private Page<AdjustmentView> page(Filter.Query query, Filter filter) {
        List<?> place = List.of("adjustments", filter.text());
        return Page.of(
                adjustments.page(filter, query.after(place), query.size() + 1),
                query.size(),
                row -> row,
                row -> new PageToken(row.id()).encode(place));
    }
}
