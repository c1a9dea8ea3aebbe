/** The PostgreSQL of the tests. */
package io.liveness.gateway.testsupport.postgres;
