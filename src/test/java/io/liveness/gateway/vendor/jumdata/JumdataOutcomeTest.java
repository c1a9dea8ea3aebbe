package io.liveness.gateway.vendor.jumdata;

import static io.liveness.gateway.testsupport.http.StubVendor.http;
import static io.liveness.gateway.testsupport.http.StubVendor.json;
import static io.liveness.gateway.testsupport.http.StubVendor.raw;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.OptionsOn;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.vendor.ActionStyle;
import io.liveness.gateway.vendor.Confidential;
import io.liveness.gateway.vendor.LivenessVendor.InitParameters;
import io.liveness.gateway.vendor.LivenessVendor.OpenOutcome;
import io.liveness.gateway.vendor.LivenessVendor.VerdictOutcome;
import io.liveness.gateway.vendor.ReturnUrl;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The outcome of a call over a real connection, for every behaviour of the other end. OutcomeMappingTest has what each code means. */
@QuarkusTest
@TestProfile(OptionsOn.class)
class JumdataOutcomeTest {

    private static final InitParameters ORDER = new InitParameters(
            ReturnUrl.parse("wx.history"), ActionStyle.SILENT, List.of(), true, true, Optional.empty());
    private static final Confidential TOKEN = new Confidential("the-token");
    private static final String GOOD_DATA =
            "\"data\":{\"token\":\"t\",\"checkUrl\":\"https://h5.example/c?token=t\",\"faceImageUrl\":\"https://f/1\"}";
    private static final String GOOD = "{\"code\":200,\"taskNo\":\"0434\",\"charge\":true," + GOOD_DATA + "}";
    private static final Duration SHORT = Duration.ofMillis(600);

    @Inject
    Jumdata configured;

    @RestClient
    Jumdata.Fresh fresh;

    @RestClient
    Jumdata.Kept kept;

    private StubVendor vendor;

    @BeforeEach
    void open() throws IOException {
        Detour.take();
        vendor = new StubVendor(Detour.PORT, json(GOOD));
    }

    @AfterEach
    void close() {
        Detour.leave();
        vendor.close();
    }

    private Jumdata impatient() {
        return TestConfig.of("the-app", "the-secret")
                .withTimeouts(Duration.ofSeconds(2), SHORT)
                .jumdata(fresh, kept);
    }

    private static <T> T get(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(10));
    }

    private static String describe(OpenOutcome outcome) {
        if (outcome instanceof OpenOutcome.Accepted accepted) {
            return "Accepted " + accepted.charge();
        }
        if (outcome instanceof OpenOutcome.Refused refused) {
            return refused.retryable() ? "Refused passing" : "Refused lasting";
        }
        return "Unknown";
    }

    private static String describe(VerdictOutcome outcome) {
        if (outcome instanceof VerdictOutcome.Final settled) {
            return settled.verdict().name();
        }
        if (outcome instanceof VerdictOutcome.NoAnswer none) {
            return none.slowDown() ? "slow down" : "no answer";
        }
        return "not yet";
    }

    static Stream<Arguments> sameAnswerOtherwiseDressed() {
        String messages = GOOD.replace("\"taskNo\"", "\"message\":\"成功\",\"unheardOf\":{\"a\":[1]},\"taskNo\"");
        return Stream.of(
                Arguments.of("plain text", http(200, "text/plain", GOOD)),
                Arguments.of("called HTML", http(200, "text/html;charset=GBK", GOOD)),
                Arguments.of("an invalid content type", http(200, "nonsense", GOOD)),
                Arguments.of("no content type", http(200, "", GOOD)),
                Arguments.of("HTTP 500", http(500, "application/json", GOOD)),
                Arguments.of("HTTP 404", http(404, "application/json", GOOD)),
                Arguments.of("HTTP 401", http(401, "text/plain", GOOD)),
                Arguments.of("HTTP 302", http(302, "application/json", GOOD)),
                Arguments.of("HTTP 503 without content type", http(503, "", GOOD)),
                Arguments.of("code as text", json(GOOD.replace("200", "\"200\""))),
                Arguments.of("message and unknown fields", json(messages)),
                Arguments.of("byte order mark", json("\uFEFF" + GOOD + "\r\n")),
                Arguments.of("until the connection closes", raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + GOOD)),
                Arguments.of(
                        "in chunks",
                        raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(GOOD.length())
                                + "\r\n" + GOOD + "\r\n0\r\n\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sameAnswerOtherwiseDressed")
    void the_vendors_json_counts_however_it_comes(String how, StubVendor.Behaviour behaviour) {
        vendor.behave(behaviour);

        assertThat(describe(get(configured.open(ORDER)))).isEqualTo("Accepted BILLED");
        assertThat(describe(get(configured.poll(TOKEN)))).isEqualTo("PASSED");
    }

    static Stream<Arguments> noAnswerAtAll() {
        String redirect = "HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
        return Stream.of(
                Arguments.of("HTML", http(200, "text/html", "<html>welcome</html>")),
                Arguments.of("HTTP 502 with HTML", http(502, "text/html", "<html>bad gateway</html>")),
                Arguments.of("HTTP 400 with text", http(400, "text/plain", "bad request")),
                Arguments.of("HTTP 404 empty", http(404, "", "")),
                Arguments.of("HTTP 429 empty", http(429, "application/json", "")),
                Arguments.of("HTTP 500 empty", http(500, "application/json", "")),
                Arguments.of("empty", http(200, "application/json", "")),
                Arguments.of("empty without content type", http(200, "", "")),
                Arguments.of("no content", http(204, "", "")),
                Arguments.of("truncated JSON", json("{\"code\":400,\"msg\":\"")),
                Arguments.of("an array", json("[{\"code\":400}]")),
                Arguments.of("no code", json("{\"msg\":\"ok\"}")),
                Arguments.of("a code that is an object", json("{\"code\":{\"value\":400}}")),
                Arguments.of("something after it", json("{\"code\":400} and more")),
                Arguments.of("a redirect", raw(redirect)),
                Arguments.of("no HTTP", raw("hello, who is there?\r\n\r\n")),
                Arguments.of("half a head", raw("HTTP/1.1 200 OK\r\nContent-Ty")),
                Arguments.of("half a body", raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"code\":400}")),
                Arguments.of("closed after the request", raw("")),
                Arguments.of("reset after the request", StubVendor.reset()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noAnswerAtAll")
    void any_other_answer_leaves_the_fee_unconfirmed_and_init_is_sent_once(
            String what, StubVendor.Behaviour behaviour) {
        vendor.behave(behaviour);

        assertThat(describe(get(configured.open(ORDER)))).isEqualTo("Unknown");
        assertThat(vendor.requests()).hasSize(1);

        assertThat(describe(get(configured.poll(TOKEN)))).isEqualTo("no answer");
        assertThat(vendor.requests()).hasSize(2);
    }

    @Test
    void a_vendor_that_keeps_silent_is_given_up_in_time_and_its_connection_freed() throws InterruptedException {
        vendor.behave(StubVendor.silence());
        Jumdata impatient = impatient();

        assertThat(describe(get(impatient.open(ORDER)))).isEqualTo("Unknown");
        assertThat(vendor.requests()).hasSize(1);
        assertThat(vendor.hungUp().await(5, TimeUnit.SECONDS)).isTrue();

        assertThat(describe(get(impatient.poll(TOKEN)))).isEqualTo("no answer");
        assertThat(vendor.requests()).hasSize(2);
    }

    static Stream<Arguments> endless() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
        byte[] spaces = " ".repeat(10_000).getBytes(ISO_8859_1);
        return Stream.of(
                Arguments.of("of a known length", stream(head + "Content-Length: 4000000000\r\n\r\n{", "", spaces, "")),
                Arguments.of(
                        "until the connection closes", stream(head + "Connection: close\r\n\r\n{", "", spaces, "")),
                Arguments.of(
                        "in chunks",
                        stream(head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", "2710\r\n", spaces, "\r\n")),
                Arguments.of("a head without end", stream("HTTP/1.1 200 OK\r\n", "X-More: ", spaces, "\r\n")));
    }

    /** Writes until the other side hangs up, which it does by an exception here. */
    private static StubVendor.Behaviour stream(String head, String before, byte[] part, String after) {
        return socket -> {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(ISO_8859_1));
            while (true) {
                out.write(before.getBytes(ISO_8859_1));
                out.write(part);
                out.write(after.getBytes(ISO_8859_1));
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endless")
    void an_answer_without_end_is_not_read_on(String how, StubVendor.Behaviour behaviour) throws Exception {
        vendor.behave(behaviour);

        assertThat(get(configured.open(ORDER)))
                .isInstanceOfSatisfying(
                        OpenOutcome.Unknown.class,
                        unknown -> assertThat(unknown.reason())
                                .as("given up for what was read, not for the time it took")
                                .isNotEqualTo("the vendor did not answer in time"));
        assertThat(vendor.hungUp().await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(vendor.requests()).hasSize(1);
        assertThat(describe(get(configured.poll(TOKEN)))).isEqualTo("no answer");
    }

    @Test
    void a_final_poll_takes_a_new_connection_and_another_poll_a_kept_one() {
        get(configured.poll(TOKEN));
        get(configured.poll(TOKEN));
        assertThat(vendor.connections()).isEqualTo(1);

        assertThat(describe(get(configured.finalPoll(TOKEN)))).isEqualTo("PASSED");
        assertThat(describe(get(configured.finalPoll(TOKEN)))).isEqualTo("PASSED");

        assertThat(vendor.connections()).isEqualTo(3);
        assertThat(vendor.requests()).hasSize(4);
    }

    @Test
    void an_answer_of_64_kilobytes_is_read_and_the_connection_of_a_far_longer_one_is_dropped() {
        vendor.behave(json(GOOD + " ".repeat(64 * 1024 - GOOD.length())));
        assertThat(describe(get(configured.open(ORDER)))).isEqualTo("Accepted BILLED");

        vendor.behave(json(GOOD + " ".repeat(16 * 1024 * 1024)));
        assertThat(get(configured.open(ORDER)))
                .isEqualTo(new OpenOutcome.Unknown(
                        Optional.empty(), "the call broke off before its answer was complete", Optional.empty()));

        vendor.behave(json(GOOD));
        assertThat(describe(get(configured.poll(TOKEN)))).isEqualTo("PASSED");
    }
}
