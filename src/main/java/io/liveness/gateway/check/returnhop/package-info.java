/** Takes a browser from the vendor's page back to the page of the caller. */
package io.liveness.gateway.check.returnhop;
