/**
 * The port to a liveness vendor: open a check, ask for its verdict. The outcome types are sealed and total, so whoever
 * calls the vendor is made by the compiler to decide about every case.
 */
package io.liveness.gateway.vendor;
