package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.ListCharges.Charges;
import io.liveness.gateway.platform.query.PageToken;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** A page of charges. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChargePage(List<ChargeView> items, String nextPageToken) {

    static ChargePage of(Charges charges, ChargeFilter filter) {
        return new ChargePage(
                charges.rows().stream().map(ChargeView::of).toList(),
                charges.next()
                        .map(after -> new PageToken(after).encode(filter.fingerprint()))
                        .orElse(null));
    }
}
