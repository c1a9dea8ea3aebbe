package io.liveness.gateway.jumdata;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The body of a call: its parameters, and the attempt that it is sent in.
 *
 * @param fields parameters by the vendor's names, the common ones (vendor document, 公共请求参数) included
 */
record VendorForm(Map<String, String> fields, Attempt attempt) {

    static VendorForm of(Attempt attempt, CommonParameters common, Map<String, String> own) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("appId", common.appId());
        fields.put("timestamp", Long.toString(common.timestamp()));
        fields.put("sign", common.sign());
        fields.put("productCode", common.productCode());
        fields.putAll(own);
        return new VendorForm(fields, attempt);
    }

    /** Without signature, token and addresses. */
    @Override
    public String toString() {
        return "VendorForm" + fields.keySet();
    }
}
