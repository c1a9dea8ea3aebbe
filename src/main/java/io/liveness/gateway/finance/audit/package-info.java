/** The audit list: who exported, imported, accepted, confirmed, closed or set what, in rows that are only ever added. */
package io.liveness.gateway.finance.audit;
