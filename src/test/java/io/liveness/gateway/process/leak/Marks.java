package io.liveness.gateway.process.leak;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Values to look for, as they are, as hexadecimal digits, and within a text in base64. They have to be short: PostgreSQL compresses long
 * ones. What is searched is given with one character a byte.
 */
final class Marks {

    private static final int BYTES_OF_A_GROUP = 3;

    private final Map<String, Datum> forms = new ConcurrentHashMap<>();

    void add(Datum datum, String value) {
        add(datum, value.getBytes(StandardCharsets.UTF_8));
    }

    void add(Datum datum, byte[] value) {
        forms.put(new String(value, StandardCharsets.ISO_8859_1), datum);
        forms.put(HexFormat.of().formatHex(value), datum);
        forms.put(HexFormat.of().withUpperCase().formatHex(value), datum);
        for (int before = 0; before < BYTES_OF_A_GROUP; before++) {
            forms.put(within(Base64.getEncoder(), value, before), datum);
            forms.put(within(Base64.getUrlEncoder(), value, before), datum);
        }
    }

    /** The characters that stand for the value alone, after this many bytes of others. */
    private static String within(Base64.Encoder encoder, byte[] value, int before) {
        byte[] bytes = new byte[before + value.length];
        System.arraycopy(value, 0, bytes, before, value.length);
        String all = encoder.withoutPadding().encodeToString(bytes);
        return all.substring(
                before == 0 ? 0 : before + 1, bytes.length % BYTES_OF_A_GROUP == 0 ? all.length() : all.length() - 1);
    }

    Set<Datum> in(String searched) {
        Set<Datum> found = EnumSet.noneOf(Datum.class);
        forms.forEach((form, datum) -> {
            if (!found.contains(datum) && searched.contains(form)) {
                found.add(datum);
            }
        });
        return found;
    }

    Set<Datum> in(byte[] searched) {
        return in(new String(searched, StandardCharsets.ISO_8859_1));
    }

    /** Those that there is a value to look for. */
    Set<Datum> all() {
        return EnumSet.copyOf(forms.values());
    }
}
