package io.liveness.gateway.suites;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The tests of finance, in a JVM of their own: they expect months without the sessions of other tests. */
@Suite
@SelectPackages("io.liveness.gateway.finance")
@IncludeClassNamePatterns(".*Test")
class FinanceSuite {}
