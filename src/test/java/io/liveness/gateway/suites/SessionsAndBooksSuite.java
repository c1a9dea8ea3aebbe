package io.liveness.gateway.suites;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/**
 * Half of the tests of the service, which run in a JVM beside those of {@link RemainingSuite}: each JVM starts the gateway once for
 * each profile and each set of test resources that its tests need.
 */
@Suite
@SelectPackages({
    "io.liveness.gateway.session.api",
    "io.liveness.gateway.session.books",
    "io.liveness.gateway.session.face",
    "io.liveness.gateway.session.opening",
    "io.liveness.gateway.session.request",
    "io.liveness.gateway.session.settling",
    "io.liveness.gateway.session.waiting",
    "io.liveness.gateway.finance",
    "io.liveness.gateway.statement",
    "io.liveness.gateway.jumdata",
    "io.liveness.gateway.events.receiver"
})
@IncludeClassNamePatterns(".*Test")
class SessionsAndBooksSuite {}
