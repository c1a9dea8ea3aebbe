/** The pages for finance: signing in by a browser, their files, and the way of their requests to the API. Knows no operation. */
package io.liveness.gateway.console;
