package io.liveness.gateway.session.opening;

/** Decides by the backlog of polls whether another session may be opened. The vendor's budget decides separately. */
public interface Admission {

    /** @return false while polls are late: another session might not be polled before its token ends */
    boolean pollsKeepUp();
}
