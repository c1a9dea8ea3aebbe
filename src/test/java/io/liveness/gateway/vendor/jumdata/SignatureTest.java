package io.liveness.gateway.vendor.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SignatureTest {

    // The vendor's own example, as its times below are; the hash was computed with sha256sum.
    private final JumdataConfig config = TestConfig.of("xyzxy2121zxyz", "efcefcef1121cefcefc1212121");

    @Test
    void it_is_the_lower_case_sha256_of_app_id_and_secret_and_time() {
        assertThat(Jumdata.signature(config, 1_555_378_976_238L))
                .isEqualTo("6ddcdc405743c576cb6d34b17b47ed56e2b9b6670fae1fe85ed01244fd31558b");
    }

    @Test
    void a_leading_zero_of_the_hash_is_kept() {
        assertThat(Jumdata.signature(config, 1_555_378_976_245L))
                .isEqualTo("06d9ed01eaf9f3439ce82dab92f7447591a074552b9bd7df95805d6b593e3201");
    }

    @Test
    void it_is_not_shown_when_the_parameters_are_printed() {
        assertThat(new VendorCall.Form(Map.of("sign", "6ddcdc40"), null))
                .asString()
                .doesNotContain("6ddcdc40");
    }
}
