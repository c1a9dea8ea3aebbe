package io.liveness.gateway.bill.read;

import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How bills name currencies: by the codes of ISO 4217, in letters or digits, and the commonest by words. */
final class CurrencyName {

    private static final Map<String, List<String>> COMMON = Map.ofEntries(
            Map.entry("CNY", List.of("人民币", "人民币元", "rmb", "元")),
            Map.entry("USD", List.of("美元", "美金", "us$")),
            Map.entry("EUR", List.of("欧元", "€")),
            Map.entry("GBP", List.of("英镑", "£")),
            Map.entry("HKD", List.of("港元", "港币", "hk$")),
            Map.entry("TWD", List.of("新台币", "台币")),
            Map.entry("JPY", List.of("日元", "日币")),
            Map.entry("KRW", List.of("韩元", "韩币")),
            Map.entry("SGD", List.of("新加坡元", "新币")),
            Map.entry("AUD", List.of("澳元")),
            Map.entry("CAD", List.of("加元", "加拿大元")),
            Map.entry("CHF", List.of("瑞士法郎")),
            Map.entry("RUB", List.of("卢布")),
            Map.entry("THB", List.of("泰铢")));

    /** Codes by name, in the form of {@link RawRow#name}. */
    private static final Map<String, String> CODES = new HashMap<>();

    static {
        for (Currency currency : Currency.getAvailableCurrencies()) {
            CODES.put(RawRow.name(currency.getCurrencyCode()), currency.getCurrencyCode());
        }
        COMMON.forEach((code, words) -> {
            CODES.put(Currency.getInstance(code).getNumericCodeAsString(), code);
            words.forEach(word -> CODES.put(word, code));
        });
    }

    private static final Pattern OTHER_THAN_NAMES = Pattern.compile("[^\\p{L}\\p{N}$€£]+");

    private CurrencyName() {}

    /** The code of the currency that a cell names, once or twice: {@code CNY}, {@code 人民币(CNY)}; empty when it names none that is known. */
    static Optional<String> code(String cell) {
        List<String> codes = parts(cell).map(CODES::get).distinct().toList();
        return codes.size() == 1 ? Optional.ofNullable(codes.get(0)) : Optional.empty();
    }

    /** The code of the common currency in the name of a column, such as {@code 金额(美元)}; a word such as ALL or TRY is none. */
    static Optional<String> in(String column) {
        List<String> codes = parts(column)
                .flatMap(part -> COMMON.entrySet().stream()
                        .filter(one -> part.equals(RawRow.name(one.getKey()))
                                || one.getValue().stream().anyMatch(word -> word.length() > 1 && part.contains(word)))
                        .map(Map.Entry::getKey))
                .distinct()
                .toList();
        return codes.size() == 1 ? Optional.of(codes.get(0)) : Optional.empty();
    }

    private static Stream<String> parts(String text) {
        return Stream.of(OTHER_THAN_NAMES.split(RawRow.name(text))).filter(part -> !part.isEmpty());
    }
}
