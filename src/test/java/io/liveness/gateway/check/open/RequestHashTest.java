package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.Action;
import io.liveness.gateway.vendor.ActionStyle;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Stored keys are compared by this hash: it must be the same in every version. */
class RequestHashTest {

    private static final OpenSessionRequest LEAST =
            new OpenSessionRequest("https://shop.example/done", null, null, null, null, null, null, null, null);

    private static String hash(OpenSessionRequest request) {
        return HexFormat.of().formatHex(request.withDefaults().hash());
    }

    @Test
    void it_is_the_hash_of_the_fields_that_are_there_in_alphabetical_order() {
        // A field that a later version adds changes no hash while it is absent.
        // printf '%s' '{"actionMutex":true,…}' | sha256sum
        assertThat(hash(LEAST)).isEqualTo("055d274c94bc8f4be5de836278bee52fde2b38ea0f112460a5d9ffa8e88e7215");
        assertThat(hash(new OpenSessionRequest(
                        "replace: https://shop.example/done",
                        ActionStyle.CUSTOM,
                        List.of(Action.NodHead, Action.BlinkEye),
                        false,
                        false,
                        "实名认证",
                        "order-1",
                        Map.of("b", "", "a", "1"),
                        null)))
                .isEqualTo("8f0da5cd5a228494f932463c0f7ad3e3e532ff5a864cac88fd876687e35cf78c");
        assertThat(hash(new OpenSessionRequest(
                        "https://shop.example/done", null, null, null, null, null, null, null, "marketing-eu")))
                .isEqualTo("a708967f900cb0ddf0bd08fc22f0989bc0a8c68edc1e8cf91e19b8cb19bde646");
    }
}
