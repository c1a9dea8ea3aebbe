package io.liveness.gateway.finance;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liveness.gateway.finance.ListCharges.Charges;
import io.liveness.gateway.platform.query.PageToken;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A page of charges. */
@RegisterForReflection(registerFullHierarchy = true) // no operation has it as its type
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        description =
                "A page of charges, newest first. With a selective filter a page may have fewer items than pageSize,"
                        + " or none, although more pages follow.")
record ChargePage(
        @Schema(required = true, description = "The charges of this page.")
        List<ChargeView> items,

        @Schema(description = "Token of the next page; absent on the last page.")
        String nextPageToken) {

    static ChargePage of(Charges charges, ChargeFilter filter) {
        return new ChargePage(
                charges.rows().stream().map(ChargeView::of).toList(),
                charges.next()
                        .map(after -> new PageToken(after).encode(filter.fingerprint()))
                        .orElse(null));
    }
}
