package io.liveness.gateway.finance.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.books.AmountView;
import io.liveness.gateway.books.Money;
import io.liveness.gateway.books.audit.ChargeViewer;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Actor;
import io.liveness.gateway.platform.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Budgets over HTTP. */
@Path("/v1/budgets")
@RolesAllowed(Roles.FINANCE_ADMIN)
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
    public BudgetList list() {
        return new BudgetList(watch.read().values().stream().map(BudgetView::of).toList());
    }

    @GET
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({Roles.FINANCE, Roles.FINANCE_ADMIN, Roles.LIVENESS})
    public BudgetView get(@PathParam(CALLER) String caller) {
        String whose = name(caller);
        ChargeViewer.of(identity).whose(whose);
        return of(whose, watch.read());
    }

    @PUT
    @Path("/{caller}")
    @Produces(MediaType.APPLICATION_JSON)
    @Consumes(MediaType.APPLICATION_JSON)
    public BudgetView set(
            @PathParam(CALLER) String caller, @NotNull(message = "is required") @Valid SetBudgetRequest request) {
        String whose = name(caller);
        Actor by = Actor.of(identity);
        budgets.set(whose, request.money(), request.stops(), by);
        LOG.infof("budget.set caller=%s by=%s hardStop=%s", whose, by.name(), request.stops());
        // Moves its sum on: opens would sum up the month each until then.
        watch.watch();
        return of(whose, watch.read());
    }

    @DELETE
    @Path("/{caller}")
    public void delete(@PathParam(CALLER) String caller) {
        String whose = name(caller);
        Actor by = Actor.of(identity);
        if (!budgets.remove(whose, by)) {
            throw ProblemException.notFound();
        }
        LOG.infof("budget.removed caller=%s by=%s", whose, by.name());
        watch.watch();
    }

    private static String name(String given) {
        return Parameters.text(CALLER, given, 1, MAX_CALLER);
    }

    private static BudgetView of(String caller, Map<String, Budget.Standing> all) {
        return Optional.ofNullable(all.get(caller)).map(BudgetView::of).orElseThrow(ProblemException::notFound);
    }

    /** All budgets: as many as there are callers with one, so that they need no pages. */
    record BudgetList(List<BudgetView> items) {}

    /** A budget as the API tells it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BudgetView(
            String caller,
            AmountView amount,
            boolean hardStop,
            String month,
            AmountView spent,
            int reached,
            String setBy,
            Instant setAt) {

        static BudgetView of(Budget.Standing standing) {
            Budget budget = standing.budget();
            return new BudgetView(
                    budget.caller(),
                    AmountView.of(budget.amount()),
                    budget.hardStop(),
                    standing.month().name().toString(),
                    AmountView.of(new Money(standing.spent(), budget.amount().currency())),
                    standing.standing().reached(),
                    budget.setBy(),
                    budget.setAt());
        }
    }

    /** What a budget is set to. */
    record SetBudgetRequest(
            @NotNull(message = "is required") @Valid BudgetAmount amount, Boolean hardStop) {

        private static final String FORM = "[0-9]{1,12}(\\.[0-9]{1,6})?";
        private static final String CURRENCY = "[A-Z]{3}";

        /** An amount that is not negative. */
        record BudgetAmount(
                @NotNull(message = "is required")
                @Pattern(
                        regexp = FORM,
                        message = "must be a decimal number such as 1000.00, of at most 12 digits before the point")
                String value,

                @NotNull(message = "is required") @Pattern(regexp = CURRENCY, message = "must be a code of ISO 4217")
                String currency) {}

        Money money() {
            try {
                return Money.parse(amount.value(), amount.currency());
            } catch (IllegalArgumentException e) {
                throw ProblemException.invalid(
                        "amount",
                        "must be in a currency of ISO 4217, with at most four decimals more than its minor unit has");
            }
        }

        boolean stops() {
            return Objects.requireNonNullElse(hardStop, false);
        }
    }
}
