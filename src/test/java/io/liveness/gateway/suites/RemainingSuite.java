package io.liveness.gateway.suites;

import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** All tests of the service but those of {@link SessionsAndBooksSuite}, so that a new package is left out by neither. */
@Suite
@SelectPackages("io.liveness.gateway")
@ExcludePackages({
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
class RemainingSuite {}
