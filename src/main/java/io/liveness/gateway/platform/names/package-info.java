/** How the native executable looks up names of hosts. */
package io.liveness.gateway.platform.names;
