package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.BillDetail;
import io.liveness.gateway.books.Month;
import io.liveness.gateway.platform.Sha256;
import io.liveness.gateway.platform.file.NdjsonFile;
import io.liveness.gateway.platform.file.Table;
import io.liveness.gateway.platform.postgres.Sql;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The file of a closed month for the archive, see {@code docs/finance.md}: a ZIP of its proof and of all that was known of it, with their
 * hashes. It is stored in pieces in the transaction of the close, and holds a piece at a time.
 */
final class Archive {

    private static final int PIECE = 256 * 1024;

    /** The bills that count or did, and reach into the month. */
    private static final String BILLS = """
            with bill as (
                select * from vendor_bill
                where not dry_run and status in ('DONE', 'WITHDRAWN', 'SUPERSEDED') and begins < ? and ends > ?
            )
            """;

    /** An amount is followed by its currency. */
    private static final String STATEMENTS = BILLS + """
            select id, status, file_name as "fileName", encode(sha256, 'hex') as sha256, mapping, begins as "from", ends as "to", lines,
                   lines_outside as "linesOutside", charged_read as "chargedAmount", currency as "chargedCurrency",
                   invoice as "invoiceAmount", currency as "invoiceCurrency", invoice_number as "invoiceNumber", invoice_date as "invoiceDate",
                   invoice_tax as "invoiceTaxAmount", currency as "invoiceTaxCurrency", trim_scale(invoice_tax_rate) as "invoiceTaxRate",
                   invoice_paid_on as "invoicePaidOn", imported_by as "importedBy",
                   imported_person ->> 'issuer' as "importedByIssuer", imported_person ->> 'subject' as "importedBySubject",
                   imported_person ->> 'name' as "importedByName",
                   imported_at as "importedAt", superseded_by as "supersededBy", withdrawn_by as "withdrawnBy",
                   withdrawn_person ->> 'issuer' as "withdrawnByIssuer", withdrawn_person ->> 'subject' as "withdrawnBySubject",
                   withdrawn_person ->> 'name' as "withdrawnByName",
                   withdrawn_at as "withdrawnAt", reason
            from bill order by begins, id
            """;

    private static final String DIFFERENCES = BILLS + """
            select m.id, m.statement_id as "statementId", m.kind, m.line, m.task_no as "taskNo", m.session_id as "sessionId",
                   m.ours_status as "oursStatus", m.ours_amount as "oursAmount", m.ours_currency as "oursCurrency", m.ours_at as "oursAt",
                   m.theirs_status as "theirsStatus", m.theirs_amount as "theirsAmount", b.currency as "theirsCurrency",
                   m.theirs_at as "theirsAt", m.detail
            from bill b join bill_result m on m.statement_id = b.id
            where b.status = 'DONE' and m.kind not in ('MATCHED', 'NOT_BILLED', 'CUT_OFF')
            order by m.statement_id, m.id
            """;

    private static final String ACCEPTANCES = BILLS + """
            select a.id, a.difference_id as "differenceId", a.statement_id as "statementId", a.kind, a.session_id as "sessionId",
                   a.task_no as "taskNo", a.state, a.amount, a.currency, a.waived as "waivedAmount",
                   a.currency as "waivedCurrency", a.reason, a.accepted_by as "acceptedBy",
                   a.accepted_person ->> 'issuer' as "acceptedByIssuer", a.accepted_person ->> 'subject' as "acceptedBySubject",
                   a.accepted_person ->> 'name' as "acceptedByName",
                   a.accepted_at as "acceptedAt", a.confirmed_by as "confirmedBy",
                   a.confirmed_person ->> 'issuer' as "confirmedByIssuer", a.confirmed_person ->> 'subject' as "confirmedBySubject",
                   a.confirmed_person ->> 'name' as "confirmedByName",
                   a.confirmed_at as "confirmedAt", a.undone_by as "undoneBy",
                   a.undone_person ->> 'issuer' as "undoneByIssuer", a.undone_person ->> 'subject' as "undoneBySubject",
                   a.undone_person ->> 'name' as "undoneByName",
                   a.undone_at as "undoneAt", a.undone_reason as "undoneReason"
            from bill b join bill_acceptance a on a.statement_id = b.id
            order by a.accepted_at, a.id
            """;

    private static final String AUDIT = BILLS + """
            select e.id, e.at, e.who, e.person ->> 'issuer' as "personIssuer", e.person ->> 'subject' as "personSubject",
                   e.person ->> 'name' as "personName",
                   e.what, e.subject, e.detail
            from audit_list e
            where e.at >= (select least(?, min(imported_at)) from bill)
              and (e.subject = ? or e.subject in (select id::text from bill) or e.detail ->> 'statement' in (select id::text from bill))
            order by e.at, e.id
            """;

    private final Connection connection;
    private final Month month;
    private final MessageDigest digest = Sha256.digest();
    private final ZipOutputStream zip;
    private final StringBuilder sums = new StringBuilder();

    Archive(Connection connection, Month month) {
        this.connection = connection;
        this.month = month;
        this.zip = new ZipOutputStream(new DigestOutputStream(new BufferedOutputStream(new Pieces(), PIECE), digest));
        // Half the time of the default, for a file that is somewhat larger.
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /** Writes a file, and neither flushes nor closes the stream: the next file follows. */
    @FunctionalInterface
    interface Content {
        void to(OutputStream out) throws IOException, SQLException;
    }

    /** @return the SHA-256 of the file, in hexadecimal digits */
    String add(String name, Content content) throws SQLException {
        MessageDigest ofFile = Sha256.digest();
        try {
            zip.putNextEntry(new ZipEntry(name));
            content.to(new DigestOutputStream(zip, ofFile));
            zip.closeEntry();
        } catch (IOException e) {
            throw told(e);
        }
        String sha256 = HexFormat.of().formatHex(ofFile.digest());
        sums.append(sha256).append("  ").append(name).append('\n');
        return sha256;
    }

    /** Adds what is known of the bills of the month. */
    void addBills() throws SQLException {
        add(new Reconciliation(month));
        add(ofBills("statements", STATEMENTS));
        add(ofBills("differences", DIFFERENCES));
        add(ofBills("acceptances", ACCEPTANCES));
        add(audit(connection, month));
    }

    private void add(Table table) throws SQLException {
        add(table.name() + ".ndjson", out -> NdjsonFile.write(table, connection, out));
    }

    /** @return the SHA-256 of the whole file, in hexadecimal digits */
    String end() throws SQLException {
        String all = sums.toString();
        add("SHA256SUMS", out -> out.write(all.getBytes(StandardCharsets.UTF_8)));
        try {
            zip.close();
        } catch (IOException e) {
            throw told(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static SQLException told(IOException failure) {
        return failure.getCause() instanceof SQLException cause ? cause : new SQLException(failure);
    }

    /** Acts on the month and its statements until the close. */
    static MonthTable audit(Connection connection, Month month) throws SQLException {
        return new KnownTable(
                connection,
                month,
                "audit",
                AUDIT,
                Table.TEXT,
                month.to(),
                month.from(),
                month.from(),
                month.name().toString());
    }

    private Table ofBills(String name, String sql) throws SQLException {
        return new KnownTable(connection, month, name, sql, BillDetail.COLUMN, month.to(), month.from());
    }

    /** What a query tells: its columns are those of the file. */
    private static final class KnownTable extends MonthTable {

        private final String sql;
        private final Object[] parameters;

        /** @param detail how its column of that name is written */
        KnownTable(Connection connection, Month month, String name, String sql, Form detail, Object... parameters)
                throws SQLException {
            super(name, month.name(), told(connection, sql, detail));
            this.sql = sql;
            this.parameters = parameters;
        }

        private static List<Column> told(Connection connection, String sql, Form detail) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                ResultSetMetaData described = statement.getMetaData();
                List<Column> columns = new ArrayList<>();
                for (int at = 1; at <= described.getColumnCount(); at++) {
                    String name = described.getColumnLabel(at);
                    Form form = name.equals("detail") ? detail : form(name, described.getColumnType(at));
                    columns.add(new Column(name, 0, form));
                }
                return columns;
            }
        }

        private static Form form(String name, int type) {
            return switch (type) {
                case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> TIME;
                case Types.INTEGER, Types.BIGINT ->
                    name.equals("amount") || name.endsWith("Amount") ? ProofTable.AMOUNT : NUMBER;
                default -> TEXT;
            };
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            return Sql.withLiterals(connection, sql, parameters);
        }
    }

    /** Stores what is written at a time as a piece. */
    private final class Pieces extends OutputStream {

        private int nth;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                Sql.execute(
                        connection,
                        "insert into period_archive (month, nth, content) values (?, ?, ?)",
                        month.name().toString(),
                        nth++,
                        Arrays.copyOfRange(bytes, from, from + length));
            } catch (SQLException e) {
                throw new IOException(e);
            }
        }
    }

    /** The archive of a closed month, sent as it was stored: its rows are the pieces of the file. */
    static final class Stored extends MonthTable {

        private final YearMonth month;

        Stored(YearMonth month) {
            super("archive", month, List.of(new Column("content", 0)));
            this.month = month;
        }

        @Override
        public String rows(Connection connection) throws SQLException {
            return Sql.withLiterals(
                    connection, "select content from period_archive where month = ? order by nth", month.toString());
        }
    }
}
