package io.liveness.gateway.finance.month;

import io.liveness.gateway.books.Money;
import io.liveness.gateway.finance.month.JournalText.Field;
import io.liveness.gateway.finance.month.Period.PeriodStatus;
import io.liveness.gateway.platform.file.FormulaGuard;
import io.liveness.gateway.platform.start.ConfigurationRule;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** How months are entered in the accounting: {@code liveness.finance.journal}. */
@Singleton
class Journal implements ConfigurationRule {

    /** The journal of a month. It is public for its map: the validation reads that from another package. */
    @ConfigMapping(prefix = "liveness.finance.journal")
    public interface JournalSettings {

        /** Account of fees, their corrections and accruals: the <a href="docs/finance.md#journal">journal</a> debits it by cost centre. */
        @WithDefault("6602")
        String expenseAccount();

        /** Account of what the vendor is owed. */
        @WithDefault("2202")
        String payableAccount();

        /** Account of what the vendor may be owed for open fees. */
        @WithDefault("2241")
        String accrualAccount();

        /** Account of what remains when each line is rounded to a 分. */
        @WithDefault("6603")
        String roundingAccount();

        /** What the journal has as the cost centre of sessions without one. */
        @WithDefault("-")
        String withoutCostCentre();

        /** Type of the vouchers (凭证字). */
        @WithDefault("记")
        String voucherType();

        /** Number of a voucher, with the fields {@code {month}}, {@code {date}}, {@code {currency}} and {@code {nth}}. */
        @WithDefault("{month}-{currency}")
        String voucherNumber();

        /** Text of the lines of fees and of what is payable; also with {@code {costCentre}}. */
        @WithDefault("活体检测费 {month}")
        String text();

        /** Text of corrections of a closed month, {@code {ofMonth}}. */
        @WithDefault("活体检测费 {month} 更正 {ofMonth}")
        String correctionText();

        /** Text of accruals. */
        @WithDefault("活体检测费 {month} 暂估")
        String accrualText();

        /** Text of the rounding. */
        @WithDefault("活体检测费 {month} 尾差")
        String roundingText();

        /** Layouts by name. */
        Map<String, LayoutSettings> layouts();

        /** A layout. */
        interface LayoutSettings {

            /** {@code <header>=<cell>,…}: the columns of a <a href="docs/finance.md#layouts">layout</a>, in their order. */
            List<String> columns();

            /** Line before all others. */
            Optional<String> firstLine();

            /** Whether a line has the headers. */
            @WithDefault("true")
            boolean header();

            /** {@code comma}, {@code semicolon} or {@code tab}. */
            @WithDefault("comma")
            String delimiter();

            /** {@code utf-8-bom} (with a byte order mark), {@code utf-8} or {@code gb18030}. */
            @WithDefault("utf-8-bom")
            String encoding();

            /** {@code crlf} or {@code lf}. */
            @WithDefault("crlf")
            String lineEnd();

            /** Whether a text that looks like a formula gets a {@code '} in front. */
            @WithDefault("true")
            boolean formulaGuard();
        }
    }

    private static final String PROPERTY = "liveness.finance.journal.";
    private static final Pattern LAYOUT_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final Set<Field> OF_A_VOUCHER = EnumSet.of(Field.MONTH, Field.DATE, Field.CURRENCY, Field.NTH);
    private static final Set<Field> OF_A_LINE =
            EnumSet.of(Field.MONTH, Field.DATE, Field.CURRENCY, Field.NTH, Field.COST_CENTRE, Field.OF_MONTH);

    private final JournalSettings config;
    private final JournalText number;
    private final Map<Voucher.Kind, JournalText> texts = new EnumMap<>(Voucher.Kind.class);
    private final SortedMap<String, JournalLayout> layouts = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();

    Journal(JournalSettings config) {
        this.config = config;
        this.number = text("voucher-number", config.voucherNumber(), OF_A_VOUCHER);
        JournalText ofFees = text("text", config.text(), OF_A_LINE);
        JournalText ofAccruals = text("accrual-text", config.accrualText(), OF_A_LINE);
        texts.put(Voucher.Kind.FEES, ofFees);
        texts.put(Voucher.Kind.PAYABLE, ofFees);
        texts.put(Voucher.Kind.CORRECTIONS, text("correction-text", config.correctionText(), OF_A_LINE));
        texts.put(Voucher.Kind.ACCRUAL, ofAccruals);
        texts.put(Voucher.Kind.ACCRUED, ofAccruals);
        texts.put(Voucher.Kind.ROUNDING, text("rounding-text", config.roundingText(), OF_A_LINE));
        layouts.put(JournalLayout.DEFAULT, JournalLayout.OURS);
        config.layouts().forEach(this::addLayout);
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
    }

    private JournalText text(String property, String given, Set<Field> fields) {
        try {
            return JournalText.parse(given, fields);
        } catch (IllegalArgumentException e) {
            wrong.add(PROPERTY + property + ": wrong is '" + given + "': " + e.getMessage());
            return null;
        }
    }

    private void addLayout(String name, JournalSettings.LayoutSettings given) {
        String property = PROPERTY + "layouts." + name + ".";
        if (!LAYOUT_NAME.matcher(name).matches()) {
            wrong.add(property + "columns: the name of a layout has 1 to 64 characters of a-z, 0-9 and -");
            return;
        }
        try {
            layouts.put(name, JournalLayout.of(given));
        } catch (IllegalArgumentException e) {
            wrong.add(property + e.getMessage());
        }
    }

    /** By name. */
    SortedMap<String, JournalLayout> layouts() {
        return layouts;
    }

    /** A text as files of the layout have it. */
    String guarded(JournalLayout layout, String text) {
        return layout.guarded() && !text.equals(config.withoutCostCentre()) ? FormulaGuard.guard(text) : text;
    }

    /** The lines of a month's vouchers, each with its fields; an empty one is absent. */
    List<Map<Field, Object>> lines(Period period, List<Voucher> vouchers) {
        List<Map<Field, Object>> lines = new ArrayList<>();
        int nth = 0;
        for (Voucher voucher : vouchers) {
            nth++;
            for (int at = 0; at < voucher.lines().size(); at++) {
                Map<Field, Object> line = line(voucher.lines().get(at));
                line.put(Field.STATUS, period.status() == PeriodStatus.CLOSED ? "FINAL" : "PROVISIONAL");
                line.put(Field.MONTH, period.month().name().toString());
                line.put(Field.DATE, period.month().name().atEndOfMonth());
                line.put(Field.NTH, BigDecimal.valueOf(nth));
                line.put(Field.LINE, BigDecimal.valueOf(at + 1));
                line.put(Field.CURRENCY, voucher.currency());
                line.put(Field.VOUCHER, number.of(line));
                line.put(Field.TEXT, texts.get(voucher.lines().get(at).kind()).of(line));
                lines.add(line);
            }
        }
        return lines;
    }

    private Map<Field, Object> line(Voucher.Line of) {
        Map<Field, Object> line = new EnumMap<>(Field.class);
        line.put(Field.TYPE, config.voucherType());
        line.put(Field.KIND, of.kind().name());
        line.put(
                Field.ACCOUNT,
                switch (of.kind()) {
                    case FEES, CORRECTIONS, ACCRUAL -> config.expenseAccount();
                    case PAYABLE -> config.payableAccount();
                    case ACCRUED -> config.accrualAccount();
                    case ROUNDING -> config.roundingAccount();
                });
        if (of.kind().isOfACostCentre()) {
            line.put(Field.COST_CENTRE, of.costCentre() == null ? config.withoutCostCentre() : of.costCentre());
        }
        if (of.ofMonth() != null) {
            line.put(Field.OF_MONTH, of.ofMonth());
        }
        Money none = new Money(0, of.debit().currency());
        boolean isDebit = of.debit().units() > 0;
        BigDecimal amount = of.debit().amount().abs();
        line.put(isDebit ? Field.DEBIT : Field.CREDIT, amount);
        line.put(Field.DEBIT_OR_ZERO, isDebit ? amount : none.amount());
        line.put(Field.CREDIT_OR_ZERO, isDebit ? none.amount() : amount);
        return line;
    }
}
