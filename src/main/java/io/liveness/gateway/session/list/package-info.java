/** Lists sessions by position, page by page. */
package io.liveness.gateway.session.list;
