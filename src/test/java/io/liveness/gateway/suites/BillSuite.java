package io.liveness.gateway.suites;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** The tests of bills, in a JVM of their own: they move the time by hours, which others do not expect. */
@Suite
@SelectPackages("io.liveness.gateway.bill")
@IncludeClassNamePatterns(".*Test")
class BillSuite {}
