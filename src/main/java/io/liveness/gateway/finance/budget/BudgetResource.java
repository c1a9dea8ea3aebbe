package io.liveness.gateway.finance.budget;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;

/** Budgets over HTTP. */
@Path("/v1/budgets")
@RolesAllowed(Roles.FINANCE_ADMIN)
@Tag(ref = "Budgets")
class BudgetResource {

    private static final Logger LOG = Logger.getLogger(BudgetResource.class);

    private static final String CALLER = "caller";
    private static final int MAX_CALLER = 256;

    private final StoreBudgets budgets;
    private final WatchBudgets watch;
    private final SecurityIdentity identity;

    BudgetResource(StoreBudgets budgets, WatchBudgets watch, SecurityIdentity identity) {
        this.budgets = budgets;
        this.watch = watch;
        this.identity = identity;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN})
    @Operation(
            operationId = "listBudgets",
            summary = "Lists all budgets and how much of each is spent",
            description = "Budgets that were set and budgets that are configured. The figures are some seconds old.")
    @APIResponse(responseCode = "200", ref = "BudgetList")
    public BudgetList list() {
        return new BudgetList(watch.read().values().stream().map(BudgetView::of).toList());
    }

    @GET
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
    @Operation(
            operationId = "getBudget",
            summary = "Returns a caller's budget and how much of it is spent",
            description = "The figures are some seconds old. A caller may read its own budget; the roles finance and"
                    + " finance-admin may read all.")
    @APIResponse(responseCode = "200", ref = "Budget")
    public BudgetView get(@PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller) {
        String whose = name(caller);
        ChargeViewer.of(identity).whose(Optional.of(whose));
        return of(whose, watch.read());
    }

    @PUT
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setBudget",
            summary = "Sets a caller's monthly budget",
            description =
                    "Replaces the budget that was set before or is configured. Every replica applies it within some seconds.")
    @RequestBody(ref = "SetBudget")
    @APIResponse(responseCode = "200", ref = "BudgetSet")
    public BudgetView set(
            @PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller,
            @NotNull(message = "is required") @Valid SetBudgetRequest request) {
        String whose = name(caller);
        String by = Caller.actor(identity);
        budgets.set(whose, request.money(), request.stops(), by);
        LOG.infof("budget.set caller=%s by=%s hardStop=%s", whose, by, request.stops());
        return of(whose, watch.read());
    }

    @DELETE
    @Path("/{caller}")
    @Operation(
            operationId = "deleteBudget",
            summary = "Removes a budget that was set",
            description = "A budget that is configured for the caller applies again.")
    @APIResponse(responseCode = "204", ref = "BudgetDeleted")
    public void delete(@PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller) {
        String whose = name(caller);
        String by = Caller.actor(identity);
        if (!budgets.remove(whose, by)) {
            throw ProblemException.notFound();
        }
        LOG.infof("budget.removed caller=%s by=%s", whose, by);
        watch.watch();
    }

    private static String name(String given) {
        return Parameters.text(CALLER, given, 1, MAX_CALLER);
    }

    private static BudgetView of(String caller, Map<String, Standing> all) {
        return Optional.ofNullable(all.get(caller)).map(BudgetView::of).orElseThrow(ProblemException::notFound);
    }
}
