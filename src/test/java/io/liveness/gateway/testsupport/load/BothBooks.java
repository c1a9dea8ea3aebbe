package io.liveness.gateway.testsupport.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.Books.BookRow;
import io.liveness.gateway.sandbox.Books.FeeState;
import io.liveness.gateway.testsupport.load.StoredSession.Entry;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The gateway's ledger beside the vendor's own books. Each session has a distinct returnUrl, which connects the two. */
public final class BothBooks {

    private static final Set<String> FINAL = Set.of("PASSED", "NOT_PASSED", "FAILED", "EXPIRED", "REJECTED", "UNKNOWN");

    private BothBooks() {}

    /** Every session is over, its fee ended once, and the two books tell the same. */
    public static void assertAgree(List<StoredSession> sessions, List<BookRow> vendor) {
        Map<String, List<BookRow>> fees = vendor.stream().collect(Collectors.groupingBy(BookRow::returnUrl));
        assertThat(fees.values().stream().filter(rows -> rows.size() > 1))
                .as("two fees of one key")
                .isEmpty();
        Set<String> known = sessions.stream().map(StoredSession::returnUrl).collect(Collectors.toSet());
        assertThat(fees.keySet().stream().filter(url -> !known.contains(url)))
                .as("fees that no session knows of")
                .isEmpty();
        for (StoredSession session : sessions) {
            assertThat(session.status()).as("%s", session).isIn(FINAL);
            assertBalanced(session);
            assertSame(
                    session,
                    fees.getOrDefault(session.returnUrl(), List.of()).stream().findFirst());
        }
        assertThat(sum(sessions, "PRE_DEDUCT"))
                .as("pre-deductions are charges and refunds")
                .isEqualTo(sum(sessions, "CHARGE") + sum(sessions, "REFUND"));
    }

    private static long sum(List<StoredSession> sessions, String kind) {
        return sessions.stream()
                .flatMap(session -> session.ledger().stream())
                .filter(entry -> entry.kind().equals(kind))
                .mapToLong(Entry::amount)
                .sum();
    }

    private static void assertBalanced(StoredSession session) {
        List<String> expected =
                switch (session.charge()) {
                    case "NONE" -> List.of();
                    case "CHARGED" -> List.of("PRE_DEDUCT", "CHARGE");
                    case "REFUNDED" -> List.of("PRE_DEDUCT", "REFUND");
                    default -> throw new AssertionError("the fee is open: " + session);
                };
        assertThat(session.ledger().stream().map(Entry::kind).toList())
                .as("ledger of %s", session)
                .isEqualTo(expected);
    }

    private static void assertSame(StoredSession session, Optional<BookRow> fee) {
        String atTheVendor = fee.map(row -> row.status().name()).orElse("NONE");
        if (session.isPresumed()) {
            // The books did not know whether a fee was taken; if one was, the vendor has refunded it too.
            assertThat(session.end()).as("%s", session).isEqualTo("UNKNOWN/REFUNDED");
            assertThat(atTheVendor).as("%s", session).isIn("NONE", FeeState.REFUNDED.name());
        } else {
            assertThat(atTheVendor).as("%s", session).isEqualTo(session.charge());
        }
        fee.ifPresent(row -> session.ledger().forEach(entry -> assertSame(session, entry, row)));
    }

    private static void assertSame(StoredSession session, Entry entry, BookRow fee) {
        assertThat(fee.amount()).as("%s", session).isEqualByComparingTo(BigDecimal.valueOf(entry.amount(), 4));
        // The number may have been lost with the answer, and only then.
        if (entry.taskNo().isPresent() || !session.isPresumed()) {
            assertThat(entry.taskNo()).as("%s", session).contains(fee.taskNo());
        }
    }
}
