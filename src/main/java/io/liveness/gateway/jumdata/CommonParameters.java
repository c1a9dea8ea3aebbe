package io.liveness.gateway.jumdata;

import jakarta.ws.rs.FormParam;

/** What every call carries (vendor document, 公共请求参数). Not a record: the REST client reads fields or getters only. */
final class CommonParameters {

    @FormParam("appId")
    final String appId;

    @FormParam("timestamp")
    final long timestamp;

    /** Opens the account to whoever reads it while it is fresh: not for a log. */
    @FormParam("sign")
    final String sign;

    @FormParam("productCode")
    final String productCode;

    CommonParameters(String appId, long timestamp, String sign, String productCode) {
        this.appId = appId;
        this.timestamp = timestamp;
        this.sign = sign;
        this.productCode = productCode;
    }
}
