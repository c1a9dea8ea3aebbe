package io.liveness.gateway.session.opening;

/** Whether another session may be accepted, as far as asking for verdicts is concerned. The vendor's budget is a matter of its own. */
public interface Admission {

    /**
     * @return false while looks fall behind: a session more could become one that is not asked about before its token's end
     */
    boolean looksKeepUp();
}
