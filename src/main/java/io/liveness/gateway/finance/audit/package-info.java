/** The audit list: exports, imports, acceptances, closings and settings with their actors, in rows that are only added. */
package io.liveness.gateway.finance.audit;
