package io.liveness.gateway.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liveness.gateway.testsupport.Api;
import io.liveness.gateway.testsupport.Stored;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of the books are only added, and the books balance. */
@QuarkusTest
class LedgerTest {

    private final Api api = Api.asNewCaller();

    @Inject
    Clock clock;

    @Inject
    Stored stored;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update ledger_entry set amount = 0",
                "update ledger_entry set amount = 0 where false",
                "delete from ledger_entry",
                "truncate ledger_entry",
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, init_at)"
                        + " select session_id, kind, basis, amount, currency, recorded_at, caller, init_at from ledger_entry limit 1"
                        + " on conflict (session_id) where kind = 'PRE_DEDUCT' do update set amount = 0",
            })
    void the_database_refuses_to_change_an_entry(String change) {
        String id = api.opened("pass");

        assertThatThrownBy(() -> stored.execute(change))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("append-only");

        assertThat(stored.ledger(id)).containsExactly("PRE_DEDUCT/VENDOR");
    }

    @ParameterizedTest
    @CsvSource({"CHARGE, 800000", "REFUND, 800000", "PRE_DEDUCT, 800000"})
    void the_database_refuses_a_second_entry_of_its_kind(String kind, long amount) {
        String id = api.opened("pass");
        api.check(id);

        assertThatThrownBy(() -> insert(id, kind, amount))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("duplicate key");
    }

    @Test
    void the_database_refuses_to_end_what_was_not_pre_deducted_or_with_another_amount() {
        String open = api.opened("abandon");

        assertThatThrownBy(() -> insert(UUID.randomUUID().toString(), "CHARGE", 800_000))
                .hasMessageContaining("needs a pre-deduction");
        assertThatThrownBy(() -> insert(open, "REFUND", 799_999)).hasMessageContaining("needs a pre-deduction");
    }

    @Test
    void pre_deductions_are_charges_and_refunds_and_what_is_open() {
        Instant from = clock.instant();
        api.check(api.opened("pass"));
        api.check(api.opened("not-pass"));
        api.check(api.opened("fail"));
        api.check(api.opened("charge-false"));
        api.opened("abandon");
        api.open("drop-after-fee");
        api.open("code-601");

        assertThat(sums(from))
                .containsExactlyInAnyOrder("PRE_DEDUCT 4000000", "CHARGE 1600000", "REFUND 800000", "open 1600000");
    }

    private List<String> sums(Instant from) {
        return stored.strings("""
                with span as (select * from ledger_entry where recorded_at >= ? and kind <> 'ADJUSTMENT')
                select kind || ' ' || sum(amount) from span group by kind
                union all
                select 'open ' || sum(amount) from span pre
                where kind = 'PRE_DEDUCT' and not exists (
                    select from span ending where ending.session_id = pre.session_id and ending.kind in ('CHARGE', 'REFUND'))
                """, from.atOffset(ZoneOffset.UTC));
    }

    private void insert(String session, String kind, long amount) throws SQLException {
        stored.execute(
                "insert into ledger_entry (session_id, kind, basis, amount, currency, recorded_at, caller, init_at)"
                        + " values (?, ?, 'RULE', ?, 'CNY', now(), 'shop', now())",
                UUID.fromString(session),
                kind,
                amount);
    }
}
