package io.liveness.gateway.suites;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests of the service but those of {@link SessionsAndFinanceSuite}, so that a new package is left out by neither. */
@Suite
@SelectPackages("io.liveness.gateway")
@ExcludePackages({
    "io.liveness.gateway.books",
    "io.liveness.gateway.check",
    "io.liveness.gateway.finance",
    "io.liveness.gateway.notify",
    "io.liveness.gateway.vendor"
})
@IncludeClassNamePatterns(".*Test")
class RemainingSuite {}
