/** Asks the vendor for verdicts, on a timetable or for a caller, and settles sessions by the answers. */
package io.liveness.gateway.session.settling;
