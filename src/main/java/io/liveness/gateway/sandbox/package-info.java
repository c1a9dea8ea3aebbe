/** A faithful imitation of the vendor, its page and its books, and the demo pages; absent from the production build. */
package io.liveness.gateway.sandbox;
