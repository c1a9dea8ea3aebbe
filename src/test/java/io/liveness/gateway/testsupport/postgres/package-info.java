/** The PostgreSQL that tests run on. */
package io.liveness.gateway.testsupport.postgres;
