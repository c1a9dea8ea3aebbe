/** The properties that a process knows, for tests of manifests and documents. */
package io.liveness.gateway.testsupport.configuration;
