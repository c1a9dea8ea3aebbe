package io.liveness.gateway.statement.importing;

import io.liveness.gateway.billing.Money;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.statement.ImportOrder;
import io.liveness.gateway.statement.mapping.NamedMapping;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** The query of an import, as it was written. */
class ImportQuery extends PreviewQuery {

    private static final int MAX_FILE_NAME = 256;
    private static final String AMOUNT = "^[0-9]{1,12}(\\.[0-9]{1,4})?$";
    private static final Pattern AMOUNT_FORM = Pattern.compile(AMOUNT);

    @QueryParam("dryRun")
    @Parameter(
            description =
                    "Reads and matches the file, and lets it count for nothing: it is not listed, and is removed after an hour.",
            schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"),
            example = "true")
    String dryRun;

    @QueryParam("fileName")
    @Parameter(
            description = "What the file is called, for people.",
            schema = @Schema(type = SchemaType.STRING, minLength = 1, maxLength = MAX_FILE_NAME),
            example = "2026-11.csv")
    String fileName;

    @QueryParam("from")
    @Parameter(
            description = "When the period of the statement begins, itself included; by default with the first line.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-10-31T16:00:00Z")
    String from;

    @QueryParam("to")
    @Parameter(
            description = "When it ends, itself excluded; by default behind the last line.",
            schema = @Schema(type = SchemaType.STRING, format = "date-time"),
            example = "2026-11-30T16:00:00Z")
    String to;

    @QueryParam("invoiceTotal")
    @Parameter(
            description =
                    "The total of the invoice that comes with it, in the currency of the mapping: to be the sum of its charges.",
            schema = @Schema(type = SchemaType.STRING, pattern = AMOUNT),
            example = "800.00")
    String invoiceTotal;

    @QueryParam("supersedes")
    @Parameter(
            description = "The statement that this one corrects. It counts no more once this one is done.",
            schema = @Schema(type = SchemaType.STRING, format = "uuid"),
            example = "019e52f0-5a07-7c53-9d3e-5a1f0c4b7a40")
    String supersedes;

    /** Checks all that can be without the mapping. */
    @Override
    String checkedMapping() {
        order(null, "");
        return super.checkedMapping();
    }

    /** @param by who imports it */
    ImportOrder order(NamedMapping named, String by) {
        Optional<Instant> begin = Optional.ofNullable(from).map(given -> Parameters.time("from", given));
        Optional<Instant> end = Optional.ofNullable(to).map(given -> Parameters.time("to", given));
        if (begin.isPresent() && end.isPresent() && !begin.get().isBefore(end.get())) {
            throw ProblemException.invalid("from", "must be before to");
        }
        return new ImportOrder(
                named,
                flag(),
                Optional.ofNullable(fileName).map(given -> Parameters.text("fileName", given, 1, MAX_FILE_NAME)),
                begin,
                end,
                Optional.ofNullable(invoiceTotal).flatMap(given -> money(given, named)),
                Optional.ofNullable(supersedes).map(given -> Parameters.uuid("supersedes", given)),
                by);
    }

    private boolean flag() {
        if (dryRun == null || dryRun.equals("false")) {
            return false;
        }
        if (dryRun.equals("true")) {
            return true;
        }
        throw ProblemException.invalid("dryRun", "must be true or false");
    }

    private static Optional<Money> money(String given, NamedMapping named) {
        if (!AMOUNT_FORM.matcher(given).matches()) {
            throw ProblemException.invalid(
                    "invoiceTotal", "must be a decimal number such as 1000.00, of at most 12 digits before the point");
        }
        if (named == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Money.parse(given, named.mapping().currency()));
        } catch (IllegalArgumentException e) {
            throw ProblemException.invalid(
                    "invoiceTotal", "must be no finer than a minor unit of the mapping's currency");
        }
    }
}
