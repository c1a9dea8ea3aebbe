package io.liveness.gateway.notify.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.notify.receiver.Receivers.ReceiverAnswer;
import io.liveness.gateway.testsupport.LowLimits;
import io.liveness.gateway.testsupport.http.StubVendor;
import io.liveness.gateway.testsupport.http.TlsUpstreams;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The properties of receivers do what their documentation says. Names are resolved as in the service. */
@QuarkusTest
@TestProfile(LowLimits.class)
class ConfiguredReceiversTest {

    @Inject
    Receivers receivers;

    @Inject
    AllowedReceivers allowed;

    private final int port = TlsUpstreams.port(TlsUpstreams.WEBHOOKS);

    @Test
    void a_receiver_of_the_list_is_called_when_its_certificate_is_trusted() throws IOException {
        assertThat(allowed.whyRefused(url())).isEmpty();
        assertThat(post(TlsUpstreams.TRUSTED).httpStatus()).hasValue(200);
        assertThat(post(TlsUpstreams.UNKNOWN).error()).contains("TLS handshake failed");
    }

    private ReceiverAnswer post(String key) throws IOException {
        try (StubVendor receiver = new StubVendor(TlsUpstreams.server(key), port, StubVendor.http(200, "", ""))) {
            return receivers
                    .post(ReceiverUrl.parse(url()).orElseThrow(), Map.of(), Buffer.buffer("{}"))
                    .await()
                    .atMost(Duration.ofSeconds(30));
        }
    }

    private String url() {
        return "https://localhost:" + port + "/hook";
    }
}
