package io.liveness.gateway.bill.work;

import io.liveness.gateway.bill.match.MatchKind;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.work.Difference.Elsewhere;
import io.liveness.gateway.bill.work.Difference.OurFee;
import io.liveness.gateway.platform.postgres.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads what the judgement of differences needs. */
final class ReadDifferences {

    /**
     * A bill and its correction, or a copy of it, are one bill. What the judgement of some kinds alone asks for is read for these alone: a
     * bill at another price has as many differences as lines.
     */
    private static final String DIFFERENCES = """
            select m.id, m.kind, m.theirs_status, m.theirs_amount, case m.kind when 'CONTROL_TOTAL_DIFFERS' then m.ours_amount end as counted,
                   t.currency, s.charge_status, s.fee_amount, s.fee_currency,
                   m.kind = 'DUPLICATE_LINE' and m.session_id is not null and not exists (
                       select from statement_match x
                       where x.statement_id = t.id and x.session_id = m.session_id and x.line < m.line and x.kind <> 'UNREADABLE_LINE'
                   ) as is_first_line,
                   case when m.kind in ('MISSING_IN_STATEMENT', 'DUPLICATE_LINE') then (
                       select case when bool_or(x.theirs_status = 'CHARGED') then 'A_CHARGE' when count(*) > 0 then 'A_LINE' end
                       from statement_match x join statement other on other.id = x.statement_id
                       where x.session_id = m.session_id and x.line is not null and x.kind in ('MATCHED', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                         and other.id <> t.id and other.in_effect and other.sha256 <> t.sha256 and other.id is distinct from t.supersedes
                   ) end as elsewhere,
                   a.amount as accepted, a.undoing_by is not null as is_to_be_revoked,
                   exists (
                       select from statement_acceptance o
                       where o.session_id = m.session_id and o.state <> 'UNDONE' and o.amount <> 0 and o.statement_id <> t.id
                         and o.kind in ('MISSING_IN_STATEMENT', 'AMOUNT_DIFFERS', 'STATUS_DIFFERS')
                   ) as is_corrected_elsewhere
            from statement t
            join statement_match m on m.statement_id = t.id and m.id = any (?)
            left join session_outcome s on s.session_id = m.session_id
            left join statement_acceptance a on a.difference_id = m.id and a.state <> 'UNDONE'
            where t.id = ?
            """;

    /** A million differences of a bill at another price are alike but for a few. */
    private static final String ALIKE = """
            select null::uuid as id, kind, theirs_status, theirs_amount, counted, currency, charge_status, fee_amount, fee_currency,
                   false as is_first_line, elsewhere, accepted, false as is_to_be_revoked, false as is_corrected_elsewhere,
                   count(*) as number
            from (%s) every
            group by kind, theirs_status, theirs_amount, counted, currency, charge_status, fee_amount, fee_currency, elsewhere, accepted
            """.formatted(DIFFERENCES);

    private ReadDifferences() {}

    /** Reads those of a statement in the order of its lines; some thousand are in memory at a time. */
    static void each(Connection connection, UUID statement, Collection<UUID> differences, Consumer<Difference> reader)
            throws SQLException {
        Sql.forEach(
                connection,
                DIFFERENCES + "order by m.id",
                ReadDifferences::of,
                reader,
                connection.createArrayOf("uuid", differences.toArray()),
                statement);
    }

    /** Differences that count alike: one of them, without its id and what may refuse it. */
    record Alike(Difference difference, int number) {}

    /** The statement's differences among these, grouped by what they count. */
    static List<Alike> alike(Connection connection, UUID statement, Collection<UUID> differences) throws SQLException {
        return Sql.list(
                connection,
                ALIKE,
                row -> new Alike(of(row), row.getInt("number")),
                connection.createArrayOf("uuid", differences.toArray()),
                statement);
    }

    private static Difference of(ResultSet row) throws SQLException {
        String charge = row.getString("charge_status");
        return new Difference(
                row.getObject("id", UUID.class),
                MatchKind.valueOf(row.getString("kind")),
                charge == null
                        ? Optional.empty()
                        : Optional.of(new OurFee(charge, row.getLong("fee_amount"), row.getString("fee_currency"))),
                Optional.ofNullable(row.getString("theirs_status")).map(StatedStatus::valueOf),
                Optional.ofNullable(row.getObject("theirs_amount", Long.class)),
                Optional.ofNullable(row.getObject("counted", Long.class)),
                row.getString("currency"),
                row.getBoolean("is_first_line"),
                Optional.ofNullable(row.getString("elsewhere"))
                        .map(Elsewhere::valueOf)
                        .orElse(Elsewhere.NO_LINE),
                Optional.ofNullable(row.getObject("accepted", Long.class)),
                row.getBoolean("is_to_be_revoked"),
                row.getBoolean("is_corrected_elsewhere"));
    }
}
