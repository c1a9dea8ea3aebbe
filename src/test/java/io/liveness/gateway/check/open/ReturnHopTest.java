package io.liveness.gateway.check.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liveness.gateway.vendor.ReturnUrl;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The returnUrl that the vendor receives. */
class ReturnHopTest {

    private static final String ID = "01a20e99-0918-7000-8000-000000000001";
    private static final UUID SESSION = UUID.fromString(ID);
    private static final String HOP = "https://live.example/v1/return/" + ID;

    /**
     * The address is the longest one: with {@code replace:} before and the hop's path and an id after it, 256
     * characters.
     */
    private static final String LONGEST = "https://live.example/"
            + "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"
            + "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp"
            + "pppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp";

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/done?a=b#f, " + HOP,
        "http://shop.example,             " + HOP,
        "replace:https://shop.example/,   replace:" + HOP,
        "wx.redirect:/pages/result,       wx.redirect:/pages/result",
        "wx.history,                      wx.history",
        "app:notifyResult,                app:notifyResult",
        "scheme:weixin://dl/business,     scheme:weixin://dl/business",
        // a web address, but another app's to open
        "scheme:https://shop.example/,    scheme:https://shop.example/",
    })
    void only_web_addresses_return_through_the_gateway(String callers, String sent) {
        assertThat(given("https://live.example", callers)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://shop.example/done", "replace:https://shop.example/done", "wx.history"})
    void without_a_base_url_everything_goes_to_the_caller(String callers) {
        ReturnHop off = new ReturnHop(Optional.empty());

        assertThat(off.vendorReturnUrl(ReturnUrl.parse(callers), SESSION).value())
                .isEqualTo(callers);
    }

    @ParameterizedTest
    @CsvSource({
        "https://live.example/,              https://live.example",
        "https://live.example//,             https://live.example",
        "http://localhost:8080,              http://localhost:8080",
        "https://[::1]:8443,                 https://[::1]:8443",
        "https://api.example/liveness,       https://api.example/liveness",
        "https://api.example/a/b-c/,         https://api.example/a/b-c",
        "https://xn--fiqs8s.example,         https://xn--fiqs8s.example",
    })
    void our_own_address_may_have_a_port_a_path_and_a_slash_at_the_end(String base, String begin) {
        assertThat(given(base, "https://shop.example/")).isEqualTo(begin + "/v1/return/" + SESSION);
    }

    @Test
    void the_longest_address_of_ours_just_fits_the_vendors_rule() {
        assertThat(given(LONGEST, "replace:https://shop.example/")).hasSize(ReturnUrl.MAX_LENGTH);
        assertThat(given(LONGEST + "/", "replace:https://shop.example/")).hasSize(ReturnUrl.MAX_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "live.example",
                "/liveness",
                "//live.example",
                "ftp://live.example",
                "HTTPS://live.example",
                "replace:https://live.example",
                "scheme:https://live.example",
                "javascript:alert(1)",
                "https://",
                "https:///liveness",
                "https://live.example:65536",
                "https://live.example?a=b",
                "https://live.example/?",
                "https://live.example#f",
                "https://live.example/#",
                "https://user@live.example",
                "https://user:secret@live.example",
                "https://live.example/a b",
                "https://live.example/ä",
                "https://live.example/a\r\nb",
                LONGEST + "p"
            })
    void any_other_address_stops_the_start_with_a_sentence_that_names_the_property(String base) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ReturnHop(Optional.of(base)))
                .withMessage("liveness.return-hop.base-url must be a web address http(s)://<host>… of at most 201 "
                        + "characters, without user, query and fragment");
    }

    private static String given(String base, String callers) {
        return new ReturnHop(Optional.of(base))
                .vendorReturnUrl(ReturnUrl.parse(callers), SESSION)
                .value();
    }
}
