package io.liveness.gateway.jumdata;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {

    /** Account and time of the vendor's own example; the hash was computed with sha256sum. */
    private static final Instant TIME = Instant.ofEpochMilli(1_555_378_976_238L);

    private final JumdataConfig config = TestConfig.of("xyzxy2121zxyz", "efcefcef1121cefcefc1212121");

    @Test
    void it_is_the_lower_case_sha256_of_app_id_and_secret_and_time() {
        CommonParameters signed = new Signature(config, () -> TIME).now();

        assertThat(signed.sign()).isEqualTo("6ddcdc405743c576cb6d34b17b47ed56e2b9b6670fae1fe85ed01244fd31558b");
        assertThat(signed.timestamp()).isEqualTo(1_555_378_976_238L);
        assertThat(signed.appId()).isEqualTo("xyzxy2121zxyz");
        assertThat(signed.productCode()).isEqualTo("life_check_v2");
    }

    @Test
    void a_leading_zero_of_the_hash_is_kept() {
        CommonParameters signed = new Signature(config, () -> Instant.ofEpochMilli(1_555_378_976_245L)).now();

        assertThat(signed.sign()).isEqualTo("06d9ed01eaf9f3439ce82dab92f7447591a074552b9bd7df95805d6b593e3201");
    }

    @Test
    void it_is_not_shown_when_the_parameters_are_printed() {
        CommonParameters signed = new Signature(config, () -> TIME).now();

        assertThat(signed.toString()).doesNotContain(signed.sign()).doesNotContain("efcefcef");
    }
}
