package io.liveness.gateway.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.aaa.com",
                "https://shop.example/liveness/done",
                "https://shop.example:8443/done?order=1&x=%E5%AE%9E#part",
                "https://shop.example:65535",
                "https://127.0.0.1/done",
                "https://[::1]:8080/done",
                "https://xn--fiqs8s.example/",
                "replace:http://xxx",
                "replace:https://shop.example/done?a=b",
                "wx.redirect:/pages/result",
                "wx.redirect:/",
                "wx.redirect:/pages/result?id=1",
                "wx.history",
                "app:notifyResult",
                "app:_f",
                "app:$f9",
                "scheme:weixin://dl/business/?t=abc",
                "scheme:myapp://result",
                "scheme:alipays://platformapi/startapp?appId=1"
            })
    void these_are_accepted_as_they_stand(String given) {
        assertThat(ReturnUrl.parse(given).value()).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                "shop.example/done",
                "//shop.example/done",
                "/done",
                "ftp://shop.example",
                "HTTPS",
                "javascript:alert(1)",
                // no host, no such port, no address
                "http://",
                "http:/shop.example",
                "http:shop.example",
                "https:///done",
                "https://:8080/done",
                "https://shop.example:port/",
                "https://shop.example:65536/",
                "https://shop.example:999999999999/",
                "https://shop.example:-1/",
                "https://shop_example/done",
                "https://shop.example/a|b",
                "https://shop.example/%zz",
                "https://user@/done",
                "replace:",
                "replace: ",
                "replace:/done",
                "replace:  https://shop.example",
                "replace:ftp://shop.example",
                "replace:replace:https://shop.example",
                "replace:javascript:alert(1)",
                "Replace:https://shop.example",
                // mini program
                "wx.redirect",
                "wx.redirect:",
                "wx.redirect:pages/result",
                "wx.redirect:https://shop.example",
                "wx.history:",
                "wx.history:/pages/result",
                "wx.historyX",
                "wx.",
                // hybrid app
                "app",
                "app:",
                "app:9lives",
                "app:notify-result",
                "app:notify()",
                "app:a.b",
                "app:notifyResult;alert(1)",
                // another app
                "scheme",
                "scheme:",
                "scheme:weixin",
                "scheme://x",
                "scheme:javascript:alert(1)",
                "scheme:JavaScript:alert(1)",
                "scheme:JAVASCRIPT://x/%0aalert(1)",
                "scheme:data:text/html,x",
                "scheme:Data:text/html,x",
                "scheme:file:///etc/passwd",
                "scheme:FILE:///etc/passwd",
                // characters
                "https://shop.example/完成",
                "https://商店.example/",
                "https://shop.example/a b",
                "https://shop.example/\n",
                "https://shop.example/\u0000",
                "https://shop.example/\u007f",
                "https://shop.example/😀",
                " https://shop.example/",
                "https://shop.example/ "
            })
    void these_are_refused(String given) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReturnUrl.parse(given))
                .withMessageStartingWith("must ");
    }

    @Test
    void the_space_of_the_vendors_sample_is_accepted_and_not_sent_on() {
        assertThat(ReturnUrl.parse("replace: http://xxx").value()).isEqualTo("replace:http://xxx");
    }

    @Test
    void it_has_at_most_256_characters_prefix_included() {
        String longest = "replace:https://shop.example/";
        longest += "x".repeat(256 - longest.length());

        assertThat(ReturnUrl.parse(longest).value()).hasSize(256);
        String tooLong = longest + "x";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReturnUrl.parse(tooLong))
                .withMessage("must have at most 256 characters, prefix included");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example/done#f,   https://shop.example/done#f, https://x.example/",
        "http://shop.example,           http://shop.example,         https://x.example/",
        "replace: https://shop.example, https://shop.example,        replace:https://x.example/",
    })
    void where_a_browser_ends_and_how_it_gets_elsewhere(String given, String address, String elsewhere) {
        ReturnUrl url = ReturnUrl.parse(given);

        assertThat(url.webAddress()).hasValue(address);
        assertThat(url.leadingTo("https://x.example/").value()).isEqualTo(elsewhere);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wx.redirect:/pages", "wx.history", "app:f", "scheme:weixin://x", "scheme:https://x.example"})
    void a_mini_program_or_an_app_is_not_a_web_address(String given) {
        assertThat(ReturnUrl.parse(given).webAddress()).isEmpty();
    }
}
