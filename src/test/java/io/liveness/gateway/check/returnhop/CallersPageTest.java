package io.liveness.gateway.check.returnhop;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.vendor.Confidential;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallersPageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://shop.example               | https://shop.example?token=T&passed=true",
                "https://shop.example/              | https://shop.example/?token=T&passed=true",
                "https://shop.example:8443/done     | https://shop.example:8443/done?token=T&passed=true",
                "https://shop.example/done?         | https://shop.example/done?token=T&passed=true",
                "https://shop.example/done?a=b      | https://shop.example/done?a=b&token=T&passed=true",
                "https://shop.example/done?a=b&     | https://shop.example/done?a=b&token=T&passed=true",
                "https://shop.example/done?a=%20%E5 | https://shop.example/done?a=%20%E5&token=T&passed=true",
                "https://shop.example/done?a=?      | https://shop.example/done?a=?&token=T&passed=true",
                "https://shop.example/done#f        | https://shop.example/done?token=T&passed=true#f",
                "https://shop.example/done#         | https://shop.example/done?token=T&passed=true#",
                "https://shop.example/#/done?a=b    | https://shop.example/?token=T&passed=true#/done?a=b",
                "https://shop.example/done?a=b#f?g  | https://shop.example/done?a=b&token=T&passed=true#f?g",
                // the caller's own stay; a page that reads the last one reads ours
                "https://shop.example/?token=own    | https://shop.example/?token=own&token=T&passed=true",
                "https://shop.example/?passed=no&x  | https://shop.example/?passed=no&x&token=T&passed=true",
                "https://[::1]:8080/done            | https://[::1]:8080/done?token=T&passed=true",
            })
    void the_result_is_added_to_the_query(String address, String expected) {
        assertThat(ReturnResource.callersPage(address, new Confidential("T"), Optional.of("true")))
                .hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "e146524ee4b8415e8bebc9f739ee67da | e146524ee4b8415e8bebc9f739ee67da",
                "a-b._c~*                         | a-b._c%7E*",
                "a&passed=true                    | a%26passed%3Dtrue",
                "a#b?c/d                          | a%23b%3Fc%2Fd",
                "a+b c%                           | a%2Bb%20c%25",
                "实名                             | %E5%AE%9E%E5%90%8D",
                "😀                               | %F0%9F%98%80",
            })
    void values_are_percent_encoded(String value, String encoded) {
        assertThat(ReturnResource.callersPage("https://shop.example/", new Confidential(value), Optional.of(value)))
                .hasToString("https://shop.example/?token=" + encoded + "&passed=" + encoded);
    }

    @Test
    void a_line_break_is_no_new_header() {
        assertThat(ReturnResource.callersPage(
                        "https://shop.example/", new Confidential("a\r\nSet-Cookie: b"), Optional.empty()))
                .hasToString("https://shop.example/?token=a%0D%0ASet-Cookie%3A%20b");
    }
}
