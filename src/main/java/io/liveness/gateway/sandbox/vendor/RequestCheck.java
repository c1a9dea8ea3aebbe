package io.liveness.gateway.sandbox.vendor;

import io.liveness.gateway.sandbox.check.Form;
import io.liveness.gateway.sandbox.check.WrongParameter;
import io.liveness.gateway.sandbox.settings.SandboxConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Checks every call: method, content type and the common parameters (vendor document, 接口调用说明).
 *
 * <p>The document names no code for a wrong appId, a wrong signature or a clock that is off; here each is 400 参数错误, since each is a
 * parameter that does not fit. Nor does it give the letter case of the signature: both are taken.
 */
public final class RequestCheck {

    private static final String FORM = "application/x-www-form-urlencoded";

    private final SandboxConfig config;
    private final InstantSource clock;

    public RequestCheck(SandboxConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /** @throws WrongParameter when the call is to be answered 400 */
    Form check(HttpServerRequest request) {
        WrongParameter.unless(request.method() == HttpMethod.POST, "the method is not POST");
        String contentType = request.headers().get(HttpHeaders.CONTENT_TYPE);
        WrongParameter.unless(
                contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith(FORM),
                "the content type is not " + FORM);
        Form form = new Form(request.formAttributes());
        checkCommon(form);
        return form;
    }

    private void checkCommon(Form form) {
        WrongParameter.unless(form.required("appId").equals(config.appId()), "appId is unknown");
        WrongParameter.unless(form.required("productCode").equals(config.productCode()), "productCode is unknown");
        String timestamp = form.required("timestamp");
        checkTimestamp(timestamp);
        String expected = sha256(config.appId() + config.appSecret() + timestamp);
        WrongParameter.unless(form.required("sign").equalsIgnoreCase(expected), "sign does not fit");
    }

    private void checkTimestamp(String timestamp) {
        WrongParameter.unless(timestamp.matches("\\d{1,15}"), "timestamp is not in milliseconds");
        Duration off = Duration.between(Instant.ofEpochMilli(Long.parseLong(timestamp)), clock.instant())
                .abs();
        WrongParameter.unless(off.compareTo(config.clockTolerance()) <= 0, "timestamp is too far off");
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
