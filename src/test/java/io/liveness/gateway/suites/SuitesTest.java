package io.liveness.gateway.suites;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;

class SuitesTest {

    @Test
    void each_package_is_in_one_suite() {
        assertThat(SessionsAndFinanceSuite.class
                        .getAnnotation(SelectPackages.class)
                        .value())
                .containsExactly(RemainingSuite.class
                        .getAnnotation(ExcludePackages.class)
                        .value());
    }
}
