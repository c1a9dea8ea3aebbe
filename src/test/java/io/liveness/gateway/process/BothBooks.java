package io.liveness.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.sandbox.BookRow;
import io.liveness.gateway.sandbox.FeeStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The gateway's ledger beside the vendor's own books. Each session has a returnUrl of its own, which ties the two together. */
final class BothBooks {

    private static final Set<String> FINAL = Set.of("PASSED", "NOT_PASSED", "FAILED", "EXPIRED", "REJECTED", "UNKNOWN");

    private BothBooks() {}

    /** Every session is over, its fee ended once, and the two books tell the same. */
    static void assertAgree(List<StoredSession> sessions, List<BookRow> vendor) {
        Map<String, List<BookRow>> fees = vendor.stream().collect(Collectors.groupingBy(BookRow::returnUrl));
        assertThat(fees.values())
                .as("fees of one key")
                .allSatisfy(rows -> assertThat(rows).hasSize(1));
        assertThat(fees.keySet())
                .as("fees of sessions that are known")
                .isSubsetOf(sessions.stream().map(StoredSession::returnUrl).collect(Collectors.toSet()));
        assertThat(sessions).allSatisfy(session -> {
            assertThat(session.status()).isIn(FINAL);
            assertBalanced(session);
            assertSame(
                    session,
                    fees.getOrDefault(session.returnUrl(), List.of()).stream().findFirst());
        });
        assertThat(sums(sessions, "PRE_DEDUCT"))
                .as("pre-deductions are charges and refunds")
                .isEqualTo(sums(sessions, "CHARGE", "REFUND"));
    }

    private static long sums(List<StoredSession> sessions, String... kinds) {
        return sessions.stream()
                .flatMap(session -> session.entries(kinds).stream())
                .mapToLong(StoredSession.Entry::amount)
                .sum();
    }

    private static void assertBalanced(StoredSession session) {
        List<String> kinds =
                session.ledger().stream().map(StoredSession.Entry::kind).toList();
        switch (session.charge()) {
            case "NONE" -> assertThat(kinds).isEmpty();
            case "CHARGED" -> assertThat(kinds).containsExactly("PRE_DEDUCT", "CHARGE");
            case "REFUNDED" -> assertThat(kinds).containsExactly("PRE_DEDUCT", "REFUND");
            default -> throw new AssertionError("the fee is open: " + session);
        }
        assertThat(session.ledger().stream().map(StoredSession.Entry::amount).distinct())
                .hasSizeLessThan(2);
    }

    private static void assertSame(StoredSession session, Optional<BookRow> fee) {
        boolean presumed = session.entries("PRE_DEDUCT").stream()
                .map(StoredSession.Entry::basis)
                .anyMatch("PRESUMED"::equals);
        if (presumed) {
            // Nobody could know whether a fee was taken; if one was, the vendor has returned it as well.
            assertThat(session.status()).isEqualTo("UNKNOWN");
            assertThat(session.charge()).isEqualTo("REFUNDED");
            assertThat(session.entries("REFUND"))
                    .allSatisfy(refund -> assertThat(refund.basis()).isEqualTo("PRESUMED"));
            assertThat(fee.map(BookRow::status)).isIn(Optional.empty(), Optional.of(FeeStatus.REFUNDED));
        } else {
            assertThat(fee.map(BookRow::status).map(FeeStatus::name).orElse("NONE"))
                    .as("%s", session)
                    .isEqualTo(session.charge());
        }
        fee.ifPresent(row -> assertThat(session.ledger()).allSatisfy(entry -> {
            assertThat(entry.amount()).isEqualTo(row.amount());
            entry.taskNo().ifPresent(number -> assertThat(number).isEqualTo(row.taskNo()));
            assertThat(entry.taskNo().isPresent() || presumed)
                    .as("the number is known unless the answer was lost")
                    .isTrue();
        }));
    }

    /** How each session ended, by its key. */
    static Map<String, StoredSession> byKey(List<StoredSession> sessions) {
        return sessions.stream().collect(Collectors.toMap(StoredSession::key, Function.identity()));
    }
}
