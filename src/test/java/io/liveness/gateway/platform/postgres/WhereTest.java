package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class WhereTest {

    @Test
    void an_absent_filter_adds_neither_a_condition_nor_a_value() {
        Where where = new Where().and("caller = ?", Optional.of("shop")).and("status = ?", Optional.empty());

        assertThat(where).hasToString("where caller = ?");
        assertThat(where.values()).containsExactly("shop");
    }

    @Test
    void without_a_condition_there_is_no_clause() {
        assertThat(new Where().and("caller = ?", Optional.empty())).hasToString("");
    }

    @Test
    void all_conditions_hold_and_their_values_are_in_the_order_of_their_marks() {
        Where where = new Where()
                .and("kind = 'CHARGE'")
                .and("id between ? and ?", 1, 9)
                .and("caller = ?", Optional.of("shop"));

        assertThat(where).hasToString("where kind = 'CHARGE'\n  and id between ? and ?\n  and caller = ?");
        assertThat(where.values()).containsExactly(1, 9, "shop");
    }

    @Test
    void a_filter_stands_for_each_mark_of_its_condition() {
        Where where = new Where().and("(at, id) < ((select at from entry where id = ?), ?)", Optional.of(7));

        assertThat(where.values()).containsExactly(7, 7);
    }

    @Test
    void a_value_is_never_part_of_the_text() {
        Where where = new Where().and("who = ?", Optional.of("' or true; --"));

        assertThat(where).hasToString("where who = ?");
    }
}
