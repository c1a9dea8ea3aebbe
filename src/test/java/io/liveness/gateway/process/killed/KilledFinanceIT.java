package io.liveness.gateway.process.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.SandboxSettings;
import io.liveness.gateway.testsupport.Patience;
import io.liveness.gateway.testsupport.Surroundings;
import io.liveness.gateway.testsupport.process.GatewayEnvironment;
import io.liveness.gateway.testsupport.process.GatewayProcess;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on one database are killed (SIGKILL) at random, one or both, while people of finance import bills, accept, confirm and take
 * back differences, withdraw bills and close months. Each request is repeated until it is answered, at times to both gateways at once. In the
 * end nothing is half done, and nothing twice.
 */
@Tag("long")
class KilledFinanceIT {

    private static final long SEED = Long.getLong("kills.seed", System.nanoTime() % 1_000_000);
    private static final int KILLS = Integer.getInteger("kills", 4);
    private static final Duration TO_FINISH = Duration.ofMinutes(3);
    private static final int LONGEST_PAUSE_MILLIS = 2_500;

    /** Each has a bill, and a clerk. */
    private static final List<YearMonth> BILLED = months(YearMonth.of(2019, 1), 3);
    /** Closed one after the other while the gateways are killed. */
    private static final List<YearMonth> BEFORE = months(YearMonth.of(2018, 1), 12);

    /** Statements that are counted as what they should have and have not, by what is wrong. Each must be 0. */
    private static final Map<String, String> WRONG = Map.of(
            "bills under way or without an end",
            "select count(*) from statement where status in ('READING', 'MATCHING')",
            "pieces of files",
            "select count(*) from statement_piece",
            "results of a bill that failed, or of none",
            """
            select count(*) from statement_match m
            where not exists (select from statement s where s.id = m.statement_id and s.status in ('DONE', 'WITHDRAWN'))""",
            "bills without all of their results",
            """
            select count(*) from statement s
            where s.status in ('DONE', 'WITHDRAWN')
              and (s.lines <> (select count(distinct line) from statement_match m where m.statement_id = s.id)
                or s.counts <> (select jsonb_object_agg(kind, n) from (
                       select kind, count(*) as n from statement_match m where m.statement_id = s.id group by kind) k))""",
            "files that count not once",
            "select count(*) from (select from statement where status = 'DONE' group by sha256 having count(*) <> 1) f",
            "acceptances that stand on a bill that counts no more",
            """
            select count(*) from statement_acceptance a join statement s on s.id = a.statement_id
            where a.state <> 'UNDONE' and s.status <> 'DONE'""",
            "acceptances whose adjustments are not in the ledger once",
            """
            select count(*) from statement_acceptance a
            left join lateral (
                select count(*) as n, coalesce(sum(amount), 0) as sum from ledger_entry e where e.acceptance_id = a.id
            ) e on true
            where e.n <> case when a.posted_at is null then 0 when a.state = 'UNDONE' then 2 else 1 end
               or e.sum <> case when a.posted_at is not null and a.state = 'ACCEPTED' then a.amount else 0 end""",
            "adjustments of nothing",
            """
            select count(*) from ledger_entry e
            where e.kind = 'ADJUSTMENT' and not exists (select from statement_acceptance a where a.id = e.acceptance_id)""",
            "months that are closed not once",
            "select %d - count(*) from period where closed_at is not null".formatted(BEFORE.size() + BILLED.size()));

    /** Acts that are on the audit list more or less often than they are done by what is stored. */
    private static final String AUDITED_WRONG = """
            select count(*)
            from (select what, count(*) as n from audit_entry group by what) audited
            full join (values
                ('statement-imported', (select count(*) from statement where status in ('DONE', 'WITHDRAWN'))),
                ('statement-withdrawn', (select count(*) from statement where status = 'WITHDRAWN')),
                ('statement-withdrawal-proposed', (select count(*) from statement where withdrawing_by is not null)),
                ('difference-accepted', (select count(*) from statement_acceptance)),
                ('difference-confirmed', (select count(*) from statement_acceptance where confirmed_at is not null)),
                ('difference-unaccepted', (select count(*) from statement_acceptance where state = 'UNDONE')),
                ('period-soft-closed', (select count(*) from period where soft_closed_at is not null)),
                ('period-closed', (select count(*) from period where closed_at is not null))) done (what, n) using (what)
            where coalesce(audited.n, 0) <> coalesce(done.n, 0)""";

    private final Random random = new Random(SEED);
    private final AtomicInteger kills = new AtomicInteger();
    private final List<GatewayProcess> gateways = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private Surroundings around;
    private GatewayEnvironment environment;

    @AfterEach
    void end() {
        threads.shutdownNow();
        around.close();
    }

    @Test
    void nothing_is_half_done_and_nothing_twice() throws Exception {
        System.out.printf("Seed of the kills: %d (-Dkills.seed)%n", SEED);
        start();
        Requests requests =
                new Requests(around.callers(), () -> gateways.get(random(2)).url(), SEED);
        List<Bill> bills = BILLED.stream().map(Bill::new).toList();
        List<Clerk> clerks = bills.stream()
                .map(bill -> new Clerk(bill, requests, SEED + bills.indexOf(bill)))
                .toList();
        Closing closing = new Closing(requests);
        List<Future<?>> work = new ArrayList<>();
        clerks.forEach(clerk -> work.add(threads.submit(() -> clerk.work(() -> kills.get() < KILLS))));
        work.add(threads.submit(() -> closeOneAfterTheOther(closing)));

        int underWay = 0;
        while (kills.get() < KILLS) {
            underWay += killAtRandom();
        }
        await(work);
        BILLED.forEach(closing::close);

        System.out.printf(
                "%d kills, %d of them during an import; %d requests, %d of them broke off; %d bills imported%n",
                KILLS,
                underWay,
                requests.sent(),
                requests.brokenOff(),
                count("select count(*) from statement where status in ('DONE', 'WITHDRAWN')"));
        assertThat(requests.brokenOff()).isPositive();
        Requests later = afterARestart(bills.get(0));
        assertNothingIsWrong();
        for (Clerk clerk : clerks) {
            clerk.assertDoneAsAnswered(around.database());
        }
        closing.assertUnchanged(later);
    }

    private void start() {
        around = new Surroundings(SandboxSettings.defaults());
        environment = around.environment().with("liveness.finance.four-eyes-above", "5.00 CNY");
        gateways.add(around.launch(environment));
        gateways.add(around.launch(environment));
        gateways.forEach(GatewayProcess::awaitReady);
        PastFees fees = new PastFees(around, gateways.get(0).url());
        BEFORE.forEach(month -> fees.add(month, 20));
        BILLED.forEach(month -> fees.add(month, Bill.FEES));
    }

    private void closeOneAfterTheOther(Closing closing) {
        for (int n = 0; n < BEFORE.size(); n++) {
            int after = n * KILLS / BEFORE.size();
            Patience.await("the next kill", TO_FINISH).until(() -> kills.get() >= after);
            closing.close(BEFORE.get(n));
        }
    }

    /** @return 1 when an import was under way */
    private int killAtRandom() {
        long moment = System.nanoTime()
                + Duration.ofMillis(random(LONGEST_PAUSE_MILLIS)).toNanos();
        boolean duringAnImport = random(2) == 0;
        Patience.await("the moment", TO_FINISH)
                .until(() -> System.nanoTime() >= moment && !(duringAnImport && importing() == 0));
        int underWay = importing() > 0 ? 1 : 0;
        int which = random(3);
        List<Integer> killed = which == 2 ? List.of(0, 1) : List.of(which);
        killed.forEach(n -> gateways.get(n).kill());
        killed.forEach(n -> gateways.set(n, around.launch(environment)));
        killed.forEach(n -> gateways.get(n).awaitReady());
        kills.incrementAndGet();
        return underWay;
    }

    private static void await(List<Future<?>> work) throws InterruptedException {
        for (Future<?> one : work) {
            try {
                one.get();
            } catch (ExecutionException e) {
                throw new AssertionError("with -Dkills.seed=" + SEED, e.getCause());
            }
        }
    }

    /** Another gateway finds what the killed ones have left, and compares all books. */
    private Requests afterARestart(Bill known) {
        gateways.forEach(GatewayProcess::kill);
        around.database().execute("""
                update statement set worked_at = worked_at - interval '3 hours' where status in ('READING', 'MATCHING');
                update statement_piece set received_at = received_at - interval '3 hours';
                update books_comparison set next_pass_at = '-infinity', entry_from = 0, entry_to = 0, event_from = 0, event_to = 0""");
        GatewayProcess gateway = around.start(environment);
        Requests alone = new Requests(around.callers(), gateway::url, SEED);
        // The file is known; before it is received, what is left behind is removed.
        new Clerk(known, alone, SEED).imported();
        Patience.await("all books to be compared", TO_FINISH).until(() -> count("""
                        select count(*) from books_comparison
                        where entry_to = (select max(id) from ledger_entry) and event_to = (select max(seq) from session_event
                            where type in ('OPENING', 'OPENED', 'REJECTED', 'OUTCOME_UNKNOWN', 'SETTLED', 'WRITTEN_OFF'))""") == 1);
        return alone;
    }

    private void assertNothingIsWrong() {
        Map<String, Long> wrong = new TreeMap<>();
        WRONG.forEach((what, sql) -> wrong.put(what, count(sql)));
        wrong.put("acts that are on the audit list more or less often than done", count(AUDITED_WRONG));
        wrong.put("differences of the books", count("select count(*) from books_difference"));
        wrong.values().removeIf(count -> count == 0);
        assertThat(wrong).as("with -Dkills.seed=%d", SEED).isEmpty();
    }

    private long importing() {
        return count(
                "select count(*) from statement where status in ('READING', 'MATCHING') and is_worked_on(id, worked_at)");
    }

    private long count(String sql) {
        return around.database().count(sql);
    }

    private synchronized int random(int bound) {
        return random.nextInt(bound);
    }

    private static List<YearMonth> months(YearMonth first, int count) {
        return IntStream.range(0, count).mapToObj(first::plusMonths).toList();
    }
}
