package io.liveness.gateway.finance;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.books.LedgerBasis;
import io.liveness.gateway.finance.ChargeFilter.Span;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What entries of the ledger a list of charges is found by, for each combination of filters that has an index. */
class FoundChargesTest {

    private static final Span ANY = new Span(Optional.empty(), Optional.empty());
    private static final Span SINCE = new Span(Optional.of(Instant.EPOCH), Optional.empty());

    private Optional<String> caller = Optional.empty();
    private Optional<FeeStatus> status = Optional.empty();
    private Optional<LedgerBasis> basis = Optional.empty();

    @Test
    void without_a_filter_all_pre_deductions_are_read() {
        assertThat(found(ANY, ANY)).isEqualTo("where kind = 'PRE_DEDUCT'");
    }

    @Test
    void a_caller_and_a_time_are_bounds_of_one_index() {
        caller = Optional.of("shop");

        assertThat(found(SINCE, ANY)).isEqualTo("where kind = 'PRE_DEDUCT' and caller = ? and init_at >= ?");
    }

    @Test
    void by_their_end_fees_are_read_for_each_caller_and_kind() {
        status = Optional.of(FeeStatus.CHARGED);

        assertThat(found(ANY, SINCE))
                .isEqualTo("where kind in ('CHARGE', 'REFUND') and recorded_at >= ?"
                        + " and kind = made.kind and made.status = ? and caller = c.caller");
    }

    @Test
    void open_fees_are_those_on_the_schedule() {
        status = Optional.of(FeeStatus.PRE_DEDUCTED);

        assertThat(found(ANY, ANY))
                .isEqualTo("where kind = 'PRE_DEDUCT' and session_id = any (array(select session_id from unsettled))");
    }

    @Test
    void presumed_ends_have_an_index_of_their_own() {
        basis = Optional.of(LedgerBasis.PRESUMED);

        assertThat(found(ANY, SINCE))
                .isEqualTo("where kind in ('CHARGE', 'REFUND') and recorded_at >= ? and basis = 'PRESUMED'");
    }

    @Test
    void a_page_begins_behind_a_session_of_the_caller() {
        caller = Optional.of("shop");

        assertThat(found(ANY, ANY, Optional.of(new UUID(0, 1))))
                .isEqualTo(
                        "where kind = 'PRE_DEDUCT' and caller = ? and (init_at, session_id) < (coalesce((select init_at"
                                + " from ledger where session_id = ? and kind = 'PRE_DEDUCT' and caller = ?), 'infinity'), ?)");
    }

    private String found(Span opened, Span ended) {
        return found(opened, ended, Optional.empty());
    }

    private String found(Span opened, Span ended, Optional<UUID> after) {
        ChargeFilter filter = new ChargeFilter(
                caller, Optional.empty(), status, basis, Optional.empty(), Optional.empty(), opened, ended);
        return ListCharges.found(filter, after).toString().replaceAll("\\s+", " ");
    }
}
