package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.CellReader.Unreadable;
import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.Mapping.Unit;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Guesses the mapping of a bill that none was made for: its columns by their names, the rest by its first lines. It is to be looked through
 * by a person before it is used.
 */
public final class GuessMapping {

    private static final int SAMPLE = 200;
    private static final int LONGEST_NAME = 64;
    private static final int MOST_WORDS = 50;
    private static final Pattern NEGATIVE = Pattern.compile("[^\\d.]*[-−(（].*");

    private static final String COUNTABLE = "(?!.*[百千万亿]元)";
    /** What is taken off, and what was due before that, is no amount of a fee; 优惠后金额 is. */
    private static final String OF_A_FEE = COUNTABLE
            + "(?!.*(?>优惠|折扣|折|减免|立减|抵扣|返现|退款|退)(?!后))(?!.*(原|标价|余额|税额))(?!.*(discount|coupon|original|\\blist\\b|balance|\\btax\\b|refund))";

    private static final String IN_BRACKETS = "( ?[(\\[].*)?";

    /** Each field's names that its column may have, the likeliest ones first. */
    private static final Map<Field, List<Pattern>> NAMES = new EnumMap<>(Field.class);

    static {
        names(
                Field.TASK_NO,
                ".*任务 ?(编号|单号|号|id|流水号)",
                ".*task[ _-]?(no|id|num|number)\\.?",
                ".*流水号",
                ".*(业务|交易|订单|请求)(编号|单号|号|id)",
                "(order|request|serial|transaction)[ _-]?(no|id|number)\\.?");
        names(Field.DATE, ".*日期", "date|day", ".*[ _]date");
        names(
                Field.TIME,
                "(预扣|扣费|扣款|计费|交易|创建|发起|调用|认证)时间",
                ".*时间",
                "(.*[ _])?time(stamp)?",
                "(opened|created|started|charged)[ _]?at");
        names(Field.STATUS, ".*状态", "(.*[ _])?(status|state)", "(计费|扣费|交易|业务|收支)?类型", "type");
        names(
                Field.AMOUNT,
                COUNTABLE + "(实付|实扣|实收|实际(扣费|扣款|支付|消费)?)(金额|费用)?" + IN_BRACKETS,
                COUNTABLE + "(应付|应扣|应收)(金额|费用)?" + IN_BRACKETS,
                OF_A_FEE + "(扣费|计费|消费|交易|费用)?金额.*",
                OF_A_FEE + "(.*[ _])?amount([ _]?(in[ _]?)?(fen|cents?|yuan|cny|rmb))?" + IN_BRACKETS,
                OF_A_FEE + "(费用.*|(fee|cost)" + IN_BRACKETS + ")",
                OF_A_FEE + ".*金额.*");
        names(Field.COUNT, "(计费|调用|使用)?(数量|次数|笔数|用量)", "count|quantity|qty");
        names(Field.PRICE, OF_A_FEE + ".*单价.*", OF_A_FEE + "(unit[ _])?price" + IN_BRACKETS);
        names(
                Field.CURRENCY,
                "(结算|计费|扣费|交易|支付)?(币种|货币|币别)(代码|类型|种类|名称)?",
                "((billing|settlement|amount|fee)[ _]?)?currency([ _]?code)?|ccy");
    }

    /** A word as a whole: 不扣费, 退款失败 and 退款中 are none of them, and are left to the person. */
    private static final Map<StatedStatus, Pattern> WORDS = Map.of(
            StatedStatus.REFUNDED,
            Pattern.compile("(已|全额|自动|系统)*(预扣款?|扣费|扣款|费用|冻结)?已?(退回|退还|退款|退费|返还|解冻|冲正|撤销|退)(成功|完成|完毕)?"
                    + "|(prededuction|charge|fee|payment|fully|full)?(refunded|refund|returned|reversed|reversal)"),
            StatedStatus.PRE_DEDUCTED,
            Pattern.compile("已?(预扣|预占|冻结)(费|费用|款|金额)?(成功|完成)?|pre(deducted|deduction|deduct|charged|charge)|frozen"),
            StatedStatus.CHARGED,
            Pattern.compile("(已|实际|确认|自动)*(扣费|扣款|扣除|扣减|实扣|扣|收费|计费|消费|支付|付款)(成功|完成)?|(交易)?成功"
                    + "|(charged?|deducted|deduction|paid|success|successful|succeeded)"));

    private static final Pattern BETWEEN_LETTERS = Pattern.compile("[^\\p{L}]+");

    /** Forms of times beside those that have one meaning whatever the mapping says. */
    private static final List<String> FORMS = List.of(
            "yyyy/M/d H:mm:ss",
            "yyyy/M/d H:mm",
            "yyyyMMddHHmmss",
            "yyyy.MM.dd HH:mm:ss",
            "yyyy年M月d日 H:mm:ss",
            "dd/MM/yyyy HH:mm:ss",
            "MM/dd/yyyy HH:mm:ss",
            "dd.MM.yyyy HH:mm:ss");

    private final Mapping base;
    private final CellReader cells;
    private final RawRow header;
    private final Map<Field, Integer> columns;
    private final List<RawRow> lines = new ArrayList<>();

    private GuessMapping(Mapping base, RawRow header, Map<Field, Integer> columns, Iterator<RawRow> rows) {
        this.base = base;
        this.cells = new CellReader(base);
        this.header = header;
        this.columns = columns;
        for (int i = 0; i < SAMPLE && rows.hasNext(); i++) {
            RawRow row = rows.next();
            if (CellReader.isTaskNo(row.bareCell(columns.get(Field.TASK_NO)))) {
                lines.add(row);
            }
        }
    }

    /**
     * Reads rows up to the header and some lines.
     *
     * @param base has what a file does not tell: zone, currency, words of totals
     * @return empty when none of the first rows is like a header
     */
    public static Optional<Mapping> in(Iterator<RawRow> rows, Mapping base) {
        Optional<Unit> unit = Optional.empty();
        for (int i = 0; i < Header.MOST_ROWS && rows.hasNext(); i++) {
            RawRow row = rows.next();
            unit = unit.or(() -> Unit.statedIn(row));
            Map<Field, Integer> columns = columns(row);
            if (columns.containsKey(Field.TASK_NO)
                    && columns.containsKey(Field.TIME)
                    && (columns.containsKey(Field.AMOUNT) || columns.containsKey(Field.PRICE))) {
                return Optional.of(new GuessMapping(base, row, columns, rows).mapping(unit));
            }
        }
        return Optional.empty();
    }

    private static void names(Field field, String... patterns) {
        NAMES.put(field, Stream.of(patterns).map(Pattern::compile).toList());
    }

    private static IntStream likeliest(Field field, List<String> names) {
        return NAMES.get(field).stream()
                .flatMapToInt(pattern -> IntStream.range(0, names.size())
                        .filter(i -> pattern.matcher(names.get(i)).matches()))
                .filter(i -> names.get(i).length() <= LONGEST_NAME);
    }

    /** The name of the column that is plainly one of currencies. */
    static Optional<String> currencyColumn(RawRow header) {
        return likeliest(
                        Field.CURRENCY,
                        header.cells().stream().map(RawRow::name).toList())
                .mapToObj(header::bareCell)
                .findFirst();
    }

    private static Map<Field, Integer> columns(RawRow row) {
        List<String> names = row.cells().stream().map(RawRow::name).toList();
        Map<Field, Integer> columns = new EnumMap<>(Field.class);
        NAMES.keySet()
                .forEach(field -> likeliest(field, names)
                        .filter(i -> !columns.containsValue(i))
                        .findFirst()
                        .ifPresent(i -> columns.put(field, i)));
        if (!columns.containsKey(Field.TIME) && columns.containsKey(Field.DATE)) {
            columns.put(Field.TIME, columns.remove(Field.DATE));
        }
        if (columns.containsKey(Field.AMOUNT)
                || !columns.containsKey(Field.PRICE)
                || !columns.containsKey(Field.COUNT)) {
            Integer price = columns.remove(Field.PRICE);
            if (price != null) {
                columns.putIfAbsent(Field.AMOUNT, price);
            }
            columns.remove(Field.COUNT);
        }
        return columns;
    }

    /** @param unit as a row above the header says it */
    private Mapping mapping(Optional<Unit> unit) {
        List<String> forms = forms();
        boolean hasStatus = columns.containsKey(Field.STATUS);
        Sign sign = sign(hasStatus);
        String money = columns.containsKey(Field.AMOUNT) ? name(Field.AMOUNT) : name(Field.PRICE);
        return new Mapping(
                new Columns(
                        name(Field.TASK_NO),
                        name(Field.DATE),
                        name(Field.TIME),
                        name(Field.STATUS),
                        name(Field.AMOUNT),
                        name(Field.COUNT),
                        name(Field.PRICE),
                        name(Field.CURRENCY)),
                forms,
                base.timeZone(),
                hasStatus ? words() : Map.of(),
                CurrencyName.in(money).or(this::currency).orElse(base.currency()),
                sign,
                base.totalWords(),
                hasStatus || sign.isStatus() ? null : StatedStatus.CHARGED,
                Unit.in(money).or(() -> unit).orElse(null));
    }

    private String name(Field field) {
        Integer column = columns.get(field);
        return column == null ? null : header.bareCell(column);
    }

    /** A day of its own is needed only where the time has none. */
    private List<String> forms() {
        if (columns.containsKey(Field.DATE)
                && !lines.isEmpty()
                && lines.stream().allMatch(this::hasTime)) {
            columns.remove(Field.DATE);
        }
        if (columns.containsKey(Field.DATE) || lines.stream().allMatch(this::hasTime)) {
            return base.timeFormats();
        }
        ZoneId zone = ZoneId.of(base.timeZone());
        List<String> fitting = FORMS.stream()
                .filter(form -> {
                    TimeFormat format = new TimeFormat(form, zone);
                    return lines.stream()
                            .allMatch(line -> format.read(line.bareCell(columns.get(Field.TIME)))
                                    .isPresent());
                })
                .toList();
        // Several forms fit when day and month may be in either order: then none is known to be right.
        return fitting.size() == 1 ? fitting : base.timeFormats();
    }

    private boolean hasTime(RawRow line) {
        try {
            cells.time(line.bareCell(columns.get(Field.TIME)));
            return true;
        } catch (Unreadable e) {
            return false;
        }
    }

    private Map<String, StatedStatus> words() {
        Map<String, StatedStatus> words = new TreeMap<>(base.statusWords());
        for (RawRow line : lines) {
            String word = line.bareCell(columns.get(Field.STATUS));
            if (!word.isEmpty() && word.length() <= LONGEST_NAME && words.size() < MOST_WORDS) {
                String bare = BETWEEN_LETTERS.matcher(RawRow.name(word)).replaceAll("");
                WORDS.forEach((status, pattern) -> {
                    if (pattern.matcher(bare).matches()) {
                        words.putIfAbsent(word, status);
                    }
                });
            }
        }
        return words;
    }

    /** The one that all lines name. */
    private Optional<String> currency() {
        if (!columns.containsKey(Field.CURRENCY)) {
            return Optional.empty();
        }
        List<String> named = lines.stream()
                .flatMap(line -> CurrencyName.code(line.bareCell(columns.get(Field.CURRENCY))).stream())
                .distinct()
                .toList();
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    /** Two signs are charges and returns where no column says what a line is: there are more charges. */
    private Sign sign(boolean hasStatus) {
        int column = columns.getOrDefault(Field.AMOUNT, columns.getOrDefault(Field.PRICE, 0));
        long negative = lines.stream()
                .filter(line -> NEGATIVE.matcher(line.bareCell(column)).matches())
                .count();
        if (negative == 0) {
            return Sign.POSITIVE;
        } else if (negative == lines.size()) {
            return Sign.NEGATIVE;
        } else if (hasStatus) {
            return Sign.IGNORED;
        }
        return 2 * negative < lines.size() ? Sign.POSITIVE_IS_CHARGE : Sign.NEGATIVE_IS_CHARGE;
    }
}
