package io.liveness.gateway.plans;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanRuleTest {

    private static final String BY_KEY =
            "'Node Type': 'Index Scan', 'Relation Name': 'session', 'Index Name': 'session_pkey',"
                    + " 'Index Cond': '(id = ids.id)'";
    private static final String BY_STATUS =
            "'Node Type': 'Index Scan', 'Relation Name': 'session', 'Index Name': 'open', 'Index Cond': '(status = 1)'";
    private static final String WHOLE_INDEX =
            "'Node Type': 'Index Scan', 'Relation Name': 'session', 'Index Name': 'open'";
    private static final String IDS = "'Node Type': 'Function Scan', 'Function Name': 'unnest'";

    private final PlanRule rule = new PlanRule(Set.of("budget"));

    @Test
    void a_look_up_by_the_key_is_well() {
        assertThat(rule.brokenBy(plan(BY_KEY))).isEmpty();
        assertThat(rule.brokenBy(plan("'Node Type': 'Nested Loop'", IDS, BY_KEY)))
                .isEmpty();
        assertThat(rule.brokenBy(plan("'Node Type': 'Nested Loop', 'Join Filter': '(id = ids.id)'", BY_KEY, IDS)))
                .isEmpty();
    }

    @Test
    void a_table_is_read_whole_only_if_it_has_one_row() {
        assertThat(rule.brokenBy(plan("'Node Type': 'Seq Scan', 'Relation Name': 'budget'")))
                .isEmpty();
        assertThat(rule.brokenBy(plan("'Node Type': 'Update'", "'Node Type': 'Seq Scan', 'Relation Name': 'session'")))
                .containsExactly("reads the whole table session");
    }

    @Test
    void an_index_is_read_from_its_beginning_only_up_to_a_limit() {
        assertThat(rule.brokenBy(plan("'Node Type': 'Limit'", WHOLE_INDEX))).isEmpty();
        assertThat(rule.brokenBy(plan(WHOLE_INDEX))).containsExactly("reads the whole index open");
    }

    @Test
    void what_sorts_below_a_limit_has_to_see_all_rows() {
        String sorted = "'Node Type': 'Sort', 'Plans': [{" + WHOLE_INDEX + "}]";

        assertThat(rule.brokenBy(plan("'Node Type': 'Limit'", sorted))).containsExactly("reads the whole index open");
    }

    @Test
    void an_id_is_not_found_by_reading_all_others() {
        assertThat(rule.brokenBy(plan(BY_STATUS + ", 'Filter': '(id = $1)'")))
                .containsExactly("reads session and throws away rows with other ids: (id = $1)");
        assertThat(rule.brokenBy(plan("'Node Type': 'Nested Loop', 'Join Filter': '(s.id = ids.id)'", IDS, BY_STATUS)))
                .containsExactly("joins session by a Nested Loop, not by the key");
        assertThat(rule.brokenBy(
                        plan("'Node Type': 'Hash Join'", IDS, "'Node Type': 'Hash', 'Plans': [{" + BY_STATUS + "}]")))
                .containsExactly("joins session by a Hash Join, not by the key");
    }

    @Test
    void an_id_may_be_sought_among_the_rows_of_one_session() {
        assertThat(rule.brokenBy(plan("'Node Type': 'Index Scan', 'Relation Name': 'event', 'Index Name': 'by_session',"
                        + " 'Index Cond': '(session_id = $1)', 'Filter': '(id = $2)'")))
                .isEmpty();
    }

    @Test
    void the_cost_below_a_limit_that_the_planner_does_not_know_says_nothing() {
        JsonNode plan = plan("'Node Type': 'Limit', 'Total Cost': 20000.0", BY_KEY);

        assertThat(rule.brokenBy(plan, true)).isEmpty();
        assertThat(rule.brokenBy(plan, false)).isNotEmpty();
    }

    @Test
    void a_plan_that_postgresql_might_compile_is_too_dear() {
        assertThat(rule.brokenBy(plan("'Node Type': 'Result', 'Total Cost': 942931.0")))
                .containsExactly("costs 942931, more than 10000");
    }

    private static JsonNode plan(String node, String... children) {
        String plans = children.length == 0 ? "" : ", 'Plans': [{" + String.join("}, {", children) + "}]";
        try {
            return new ObjectMapper().readTree(("{" + node + plans + "}").replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
