package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Prices;
import io.liveness.gateway.books.audit.PageOrFile;
import io.liveness.gateway.platform.file.FileType;
import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Roles;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.time.YearMonth;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The journal of a month over HTTP. */
@Path("/v1/journal")
@RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
class JournalResource {

    private static final String MONTH = "month";
    private static final String LAYOUT = "layout";

    private final Batch batch;
    private final Prices prices;
    private final Journal journal;
    private final PageOrFile answers;

    JournalResource(Batch batch, Prices prices, Journal journal, PageOrFile answers) {
        this.batch = batch;
        this.prices = prices;
        this.journal = journal;
        this.answers = answers;
    }

    @GET
    @Produces({FileType.TEXT_CSV, FileType.SPREADSHEET})
    public Response journal(
            @QueryParam(MONTH) @DefaultValue("") String month,
            @QueryParam(LAYOUT) @DefaultValue(JournalLayout.DEFAULT) String layout,
            @Context Request accepted,
            @Context RoutingContext request) {
        YearMonth name = Parameters.month(MONTH, month);
        String known = Parameters.choice(
                LAYOUT, journal.layouts().keySet().toArray(String[]::new), UnaryOperator.identity(), layout);
        Period period = batch.read(
                Batch.OF_A_REQUEST,
                connection ->
                        Calendar.read(connection, prices.zone()).of(name).orElseThrow(ProblemException::notFound));
        return answers.file(
                new JournalTable(journal, period, known),
                FileType.isWorkbookPreferred(accepted) ? FileType.XLSX : FileType.CSV,
                prices.zone(),
                Map.of(MONTH, month, LAYOUT, layout),
                request);
    }
}
