package io.liveness.gateway.suites;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * The tests of sessions, and what they write, in a JVM beside those of {@link RemainingSuite}: each JVM starts the gateway once for
 * each profile and each set of test resources that its tests need.
 */
@Suite
@SelectPackages({
    "io.liveness.gateway.books",
    "io.liveness.gateway.check",
    "io.liveness.gateway.notify.receiver",
    "io.liveness.gateway.vendor"
})
@IncludeClassNamePatterns(".*Test")
class SessionsSuite {}
