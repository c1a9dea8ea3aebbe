package io.liveness.gateway.suites;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;

class SuitesTest {

    @Test
    void each_package_is_in_one_suite() {
        assertThat(Stream.of(BillSuite.class, FinanceSuite.class, SessionsSuite.class)
                        .flatMap(suite -> Stream.of(
                                suite.getAnnotation(SelectPackages.class).value())))
                .containsExactlyInAnyOrder(RemainingSuite.class
                        .getAnnotation(ExcludePackages.class)
                        .value());
    }
}
