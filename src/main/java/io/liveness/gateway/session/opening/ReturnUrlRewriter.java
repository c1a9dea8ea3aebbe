package io.liveness.gateway.session.opening;

import io.liveness.gateway.vendor.ReturnUrl;
import java.util.UUID;

/** Chooses the {@code returnUrl} that the vendor is given for a session. */
public interface ReturnUrlRewriter {

    /**
     * The {@code returnUrl} to send with init.
     *
     * @param callers what the caller has given, unset when it gave none
     */
    ReturnUrl vendorReturnUrl(ReturnUrl callers, UUID session);
}
