package io.liveness.gateway.jumdata;

import jakarta.ws.rs.FormParam;

/** What every call carries (vendor document, 公共请求参数). */
record CommonParameters(
        @FormParam("appId") String appId,
        @FormParam("timestamp") long timestamp,
        @FormParam("sign") String sign,
        @FormParam("productCode") String productCode) {

    /** Without the signature: it opens the account to whoever reads it while it is fresh. */
    @Override
    public String toString() {
        return "CommonParameters[timestamp=" + timestamp + "]";
    }
}
