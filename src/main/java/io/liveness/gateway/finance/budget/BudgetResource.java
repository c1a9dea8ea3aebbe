package io.liveness.gateway.finance.budget;

import io.liveness.gateway.finance.ChargeViewer;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
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
            summary = "Lists all budgets, and how far each is spent",
            description = "Those that were set, and those that are configured; as they were some seconds ago.")
    @APIResponse(responseCode = "200", ref = "BudgetList")
    public Uni<BudgetList> list() {
        return watch.known()
                .map(all ->
                        new BudgetList(all.values().stream().map(BudgetView::of).toList()));
    }

    @GET
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
    @Operation(
            operationId = "getBudget",
            summary = "Tells the budget of a caller, and how far it is spent",
            description =
                    "As it was some seconds ago. A caller may ask for its own; others are for the roles finance and finance-admin.")
    @APIResponse(responseCode = "200", ref = "Budget")
    public Uni<BudgetView> get(@PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller) {
        String whose = name(caller);
        ChargeViewer.of(identity).whose(Optional.of(whose));
        return watch.known().map(all -> of(whose, all));
    }

    @PUT
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "setBudget",
            summary = "Sets what a caller may spend in a month",
            description =
                    "In place of the one that was set before or is configured. Every replica goes by it within some seconds.")
    @RequestBody(ref = "SetBudget")
    @APIResponse(responseCode = "200", ref = "BudgetSet")
    public Uni<BudgetView> set(
            @PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller,
            @NotNull(message = "is required") @Valid SetBudgetRequest request) {
        String whose = name(caller);
        String by = Caller.actor(identity);
        return budgets.set(whose, request.money(), request.stops(), by)
                .invoke(() -> LOG.infof("budget.set caller=%s by=%s hardStop=%s", whose, by, request.stops()))
                .chain(watch::read)
                .map(all -> of(whose, all));
    }

    @DELETE
    @Path("/{caller}")
    @Operation(
            operationId = "deleteBudget",
            summary = "Takes a budget back that was set",
            description = "One that is configured for the caller is in force again.")
    @APIResponse(responseCode = "204", ref = "BudgetDeleted")
    public Uni<Void> delete(@PathParam(CALLER) @Parameter(ref = "BudgetCaller") String caller) {
        String whose = name(caller);
        String by = Caller.actor(identity);
        return budgets.remove(whose, by)
                .invoke(there -> {
                    if (!there) {
                        throw ProblemException.notFound();
                    }
                    LOG.infof("budget.removed caller=%s by=%s", whose, by);
                })
                .call(() -> watch.watch())
                .replaceWithVoid();
    }

    private static String name(String given) {
        return Parameters.text(CALLER, given, 1, MAX_CALLER);
    }

    private static BudgetView of(String caller, Map<String, Standing> all) {
        return Optional.ofNullable(all.get(caller)).map(BudgetView::of).orElseThrow(ProblemException::notFound);
    }
}
