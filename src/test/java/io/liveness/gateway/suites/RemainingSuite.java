package io.liveness.gateway.suites;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests of the service but those of the other suites, so that no new package is left out. */
@Suite
@SelectPackages("io.liveness.gateway")
@ExcludePackages({
    "io.liveness.gateway.bill",
    "io.liveness.gateway.books",
    "io.liveness.gateway.check",
    "io.liveness.gateway.finance",
    "io.liveness.gateway.notify.receiver",
    "io.liveness.gateway.vendor"
})
@IncludeClassNamePatterns(".*Test")
class RemainingSuite {}
