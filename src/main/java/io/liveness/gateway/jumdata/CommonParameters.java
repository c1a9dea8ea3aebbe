package io.liveness.gateway.jumdata;

/**
 * What every call carries (vendor document, 公共请求参数).
 *
 * @param timestamp milliseconds since 1970
 * @param sign opens the account while it is fresh: not for a log
 */
record CommonParameters(String appId, long timestamp, String sign, String productCode) {

    /** Without the signature. */
    @Override
    public String toString() {
        return "CommonParameters[timestamp=" + timestamp + "]";
    }
}
