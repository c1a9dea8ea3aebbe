/** The room of the vendor's bills: import, list and withdrawal. */
package io.liveness.gateway.bill;
