package io.liveness.gateway.sandbox;

import io.liveness.gateway.platform.Sha256;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The parameters of a call, after its method, content type and common parameters were checked (vendor document, 接口调用说明). One that is
 * given twice could be read either way, so it counts as wrong.
 *
 * <p>The document names no code for a wrong appId, a wrong signature or a clock that is off; here each is 400 参数错误, since each is a
 * parameter that does not fit. Nor does it give the letter case of the signature: both are taken.
 */
final class VendorRequest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final MultiMap fields;

    /** A call that the vendor answers 400 参数错误. The message is for debugging the caller; it carries no values. */
    static final class WrongParameter extends RuntimeException {

        WrongParameter(String message) {
            super(message, null, false, false);
        }
    }

    private VendorRequest(MultiMap fields) {
        this.fields = fields;
    }

    /** @throws WrongParameter when the call is to be answered 400 */
    static VendorRequest read(HttpServerRequest request, SandboxConfig config, Instant now) {
        require(request.method() == HttpMethod.POST, "the method is not POST");
        String contentType = request.headers().get(HttpHeaders.CONTENT_TYPE);
        require(
                contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(FORM),
                "the content type is not " + FORM);
        VendorRequest read = new VendorRequest(request.formAttributes());
        read.checkCommon(config, now);
        return read;
    }

    private void checkCommon(SandboxConfig config, Instant now) {
        require(required("appId").equals(config.appId()), "appId is unknown");
        require(required("productCode").equals("life_check_v2"), "productCode is unknown");
        String timestamp = required("timestamp");
        require(timestamp.matches("\\d{1,15}"), "timestamp is not in milliseconds");
        Duration off = Duration.between(Instant.ofEpochMilli(Long.parseLong(timestamp)), now)
                .abs();
        require(off.compareTo(CLOCK_TOLERANCE) <= 0, "timestamp is too far off");
        String expected = sha256(config.appId() + config.appSecret() + timestamp);
        require(required("sign").equalsIgnoreCase(expected), "sign does not fit");
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    String required(String name) {
        return optional(name).orElseThrow(() -> new WrongParameter(name + " is missing"));
    }

    /** An empty value counts as none given. */
    Optional<String> optional(String name) {
        var values = fields.getAll(name);
        require(values.size() <= 1, name + " is given twice");
        return values.stream().filter(value -> !value.isBlank()).findFirst();
    }

    int number(String name, int absent) {
        try {
            return optional(name).map(Integer::parseInt).orElse(absent);
        } catch (NumberFormatException e) {
            throw new WrongParameter(name + " is not a number");
        }
    }

    boolean flag(String name, boolean absent) {
        int value = number(name, absent ? 1 : 0);
        require(value == 0 || value == 1, name + " is neither 0 nor 1");
        return value == 1;
    }

    static void require(boolean rule, String message) {
        if (!rule) {
            throw new WrongParameter(message);
        }
    }
}
