package io.liveness.gateway.process.killed;

import static io.liveness.gateway.process.killed.Requests.ANN;
import static io.liveness.gateway.process.killed.Requests.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** Works one bill: Ann imports it and accepts its differences, Bob confirms. Keeps what was answered. */
final class Clerk {

    private static final String STATEMENTS = "/v1/statements";
    private static final JsonObject REASON = new JsonObject().put("reason", "as the vendor says");

    private static final String ACCEPTANCES = """
            select a.difference_id, count(*) as accepted, count(a.confirmed_at) as confirmed, count(a.undone_at) as undone
            from statement_acceptance a join statement s on s.id = a.statement_id
            where s.period_from = '%s' group by a.difference_id
            """;
    private static final String ADJUSTED = """
            select coalesce(sum(e.amount), 0)
            from ledger_entry e join statement_acceptance a on a.id = e.acceptance_id join statement s on s.id = a.statement_id
            where s.period_from = '%s'
            """;

    private final Bill bill;
    private final Requests requests;
    private final Random random;
    private final Map<String, Answered> answered = new TreeMap<>();
    /** Differences whose acceptance is not taken back. */
    private final Set<String> standing = new TreeSet<>();

    /** How often a difference was accepted, confirmed and taken back. */
    private record Answered(int accepted, int confirmed, int undone) {

        Answered and(Answered more) {
            return new Answered(accepted + more.accepted, confirmed + more.confirmed, undone + more.undone);
        }
    }

    Clerk(Bill bill, Requests requests, long seed) {
        this.bill = bill;
        this.requests = requests;
        this.random = new Random(seed);
    }

    /** Imports it again and again, works some of its differences and withdraws it; in the end works all of them. */
    void work(BooleanSupplier again) {
        while (again.getAsBoolean()) {
            String statement = imported();
            workSome(statement);
            withdraw(statement);
        }
        String statement = imported();
        bill.differences().keySet().forEach(kind -> acceptAll(statement, kind));
        confirmAll(statement);
        assertThat(differences(statement, "state=OPEN")).isEmpty();
        assertThat(differences(statement, "state=PROPOSED")).isEmpty();
    }

    /** @return its id, once it is done */
    String imported() {
        String path = STATEMENTS + "?from=" + bill.from() + "&to=" + bill.to();
        while (true) {
            String id = requests.sendFile(ANN, path, bill.file()).getString("id");
            JsonObject statement = requests.get(ANN, STATEMENTS + "/" + id, Clerk::hasEnded);
            if (statement.getString("status").equals("DONE")) {
                assertThat(statement.getInteger("lines")).isEqualTo(bill.lines());
                bill.differences()
                        .forEach((kind, count) -> assertThat(
                                        statement.getJsonObject("differences").getInteger(kind))
                                .as(kind)
                                .isEqualTo(count));
                return id;
            }
            assertThat(statement.getString("status")).isEqualTo("FAILED");
        }
    }

    private static boolean hasEnded(JsonObject statement) {
        return !Set.of("READING", "MATCHING").contains(statement.getString("status"));
    }

    private void workSome(String statement) {
        List<String> open = differences(statement, "state=OPEN");
        for (int n = random.nextInt(4); n > 0; n--) {
            String one = open.remove(random.nextInt(open.size()));
            requests.post(ANN, STATEMENTS + "/" + statement + "/differences/" + one + "/accept", REASON);
            accepted(one);
            if (random.nextBoolean()) {
                requests.post(ANN, STATEMENTS + "/" + statement + "/differences/" + one + "/un-accept", REASON);
                undone(one);
            }
        }
        for (String kind : bill.differences().keySet()) {
            if (random.nextBoolean()) {
                acceptAll(statement, kind);
            }
        }
        if (random.nextBoolean()) {
            confirmAll(statement);
        }
    }

    private void acceptAll(String statement, String kind) {
        List<String> open = differences(statement, "state=OPEN&kind=" + kind);
        if (!open.isEmpty()) {
            JsonObject all = REASON.copy().put("kind", kind).put("count", open.size());
            requests.post(ANN, STATEMENTS + "/" + statement + "/differences/accept-fitting", all);
            open.forEach(this::accepted);
        }
    }

    private void confirmAll(String statement) {
        List<String> proposed = differences(statement, "state=PROPOSED");
        if (!proposed.isEmpty()) {
            JsonObject all = new JsonObject().put("count", proposed.size());
            requests.post(BOB, STATEMENTS + "/" + statement + "/differences/confirm-fitting", all);
            proposed.forEach(one -> told(one, new Answered(0, 1, 0)));
        }
    }

    /** By both, where Bob has confirmed an adjustment of it. */
    private void withdraw(String statement) {
        String path = STATEMENTS + "/" + statement + "/withdraw";
        JsonObject now = requests.post(ANN, path, REASON);
        if (!now.getString("status").equals("WITHDRAWN")) {
            now = requests.post(BOB, path, REASON);
        }
        assertThat(now.getString("status")).isEqualTo("WITHDRAWN");
        List.copyOf(standing).forEach(this::undone);
    }

    /** All that fit are on one page. */
    private List<String> differences(String statement, String filter) {
        JsonObject page =
                requests.get(ANN, STATEMENTS + "/" + statement + "/differences?pageSize=500&" + filter, any -> true);
        List<String> ids = new ArrayList<>();
        page.getJsonArray("items").forEach(item -> ids.add(((JsonObject) item).getString("id")));
        return ids;
    }

    private void accepted(String difference) {
        standing.add(difference);
        told(difference, new Answered(1, 0, 0));
    }

    private void undone(String difference) {
        standing.remove(difference);
        told(difference, new Answered(0, 0, 1));
    }

    private void told(String difference, Answered more) {
        answered.merge(difference, more, Answered::and);
    }

    /** What is stored is what was answered, no more and no less, and our books now say what the bill says. */
    void assertDoneAsAnswered(TestDatabase database) {
        assertThat(stored(database)).isEqualTo(answered);
        long fee = database.count("select max(fee_amount) from liveness_session");
        assertThat(database.count(ADJUSTED.formatted(bill.from()))).isEqualTo(Math.round(bill.inFees() * fee));
    }

    private Map<String, Answered> stored(TestDatabase database) {
        Map<String, Answered> stored = new TreeMap<>();
        for (List<String> row : database.rows(ACCEPTANCES.formatted(bill.from()))) {
            stored.put(
                    row.get(0),
                    new Answered(
                            Integer.parseInt(row.get(1)), Integer.parseInt(row.get(2)), Integer.parseInt(row.get(3))));
        }
        return stored;
    }
}
