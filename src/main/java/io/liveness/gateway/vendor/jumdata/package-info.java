/** The adapter to jumdata (聚美智数, product life_check_v2): its two calls, signature, and the mapping of everything it may do. */
package io.liveness.gateway.vendor.jumdata;
