package io.liveness.gateway.bill.read;

import io.liveness.gateway.bill.read.CellReader.Unreadable;
import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Field;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
        names(Field.AMOUNT, "(实扣|扣费|计费|消费|交易|费用)?金额.*", "(.*[ _])?amount", "费用.*|fee|cost", ".*金额.*");
        names(Field.COUNT, "(计费|调用|使用)?(数量|次数|笔数|用量)", "count|quantity|qty");
        names(Field.PRICE, ".*单价.*", "(unit[ _])?price");
    }

    /** The first one that fits counts: 预扣退还 is a return. */
    private static final Map<StatedStatus, Pattern> WORDS = new LinkedHashMap<>();

    static {
        WORDS.put(StatedStatus.REFUNDED, Pattern.compile(".*(退|返还|解冻|撤销|失败|未扣|refund|return|revers|cancel|fail).*"));
        WORDS.put(StatedStatus.PRE_DEDUCTED, Pattern.compile(".*(预扣|预占|冻结|pre|frozen).*"));
        WORDS.put(StatedStatus.CHARGED, Pattern.compile(".*(扣|收费|计费|消费|支付|成功|charge|deduct|paid|success).*"));
    }

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
        for (int i = 0; i < Header.MOST_ROWS && rows.hasNext(); i++) {
            RawRow row = rows.next();
            Map<Field, Integer> columns = columns(row);
            if (columns.containsKey(Field.TASK_NO)
                    && columns.containsKey(Field.TIME)
                    && (columns.containsKey(Field.AMOUNT) || columns.containsKey(Field.PRICE))) {
                return Optional.of(new GuessMapping(base, row, columns, rows).mapping());
            }
        }
        return Optional.empty();
    }

    private static void names(Field field, String... patterns) {
        NAMES.put(field, Stream.of(patterns).map(Pattern::compile).toList());
    }

    private static Map<Field, Integer> columns(RawRow row) {
        List<String> names = row.cells().stream().map(RawRow::name).toList();
        Map<Field, Integer> columns = new EnumMap<>(Field.class);
        NAMES.forEach((field, patterns) -> patterns.stream()
                .flatMapToInt(pattern -> IntStream.range(0, names.size())
                        .filter(i -> pattern.matcher(names.get(i)).matches()))
                .filter(i -> names.get(i).length() <= LONGEST_NAME && !columns.containsValue(i))
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

    private Mapping mapping() {
        List<String> forms = forms();
        boolean hasStatus = columns.containsKey(Field.STATUS);
        return new Mapping(
                new Columns(
                        name(Field.TASK_NO),
                        name(Field.DATE),
                        name(Field.TIME),
                        name(Field.STATUS),
                        name(Field.AMOUNT),
                        name(Field.COUNT),
                        name(Field.PRICE)),
                forms,
                base.timeZone(),
                hasStatus ? words() : Map.of(),
                base.currency(),
                sign(),
                base.totalWords(),
                hasStatus ? null : StatedStatus.CHARGED);
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
                WORDS.forEach((status, pattern) -> {
                    if (pattern.matcher(RawRow.name(word)).matches()) {
                        words.putIfAbsent(word, status);
                    }
                });
            }
        }
        return words;
    }

    private Sign sign() {
        int column = columns.getOrDefault(Field.AMOUNT, columns.getOrDefault(Field.PRICE, 0));
        long negative = lines.stream()
                .filter(line -> NEGATIVE.matcher(line.bareCell(column)).matches())
                .count();
        return negative == 0 ? base.sign() : negative == lines.size() ? Sign.NEGATIVE : Sign.IGNORED;
    }
}
