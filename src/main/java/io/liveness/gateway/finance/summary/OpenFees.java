package io.liveness.gateway.finance.summary;

import io.liveness.gateway.platform.postgres.Batch;
import io.liveness.gateway.platform.postgres.Sql;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Sums the fees that are open, by their age. */
@Singleton
class OpenFees {

    /** How long ago a fee was pre-deducted. Longer than a token's life and the grace after it only after an outage. */
    enum Age {
        UNDER_TEN_MINUTES("0-10m", Duration.ZERO),
        UNDER_AN_HOUR("10-60m", Duration.ofMinutes(10)),
        UNDER_TWO_HOURS("1-2h", Duration.ofHours(1)),
        UNDER_FOUR_HOURS("2-4h", Duration.ofHours(2)),
        LONGER("4h-", Duration.ofHours(4));

        private final String label;
        private final Duration from;

        Age(String label, Duration from) {
            this.label = label;
            this.from = from;
        }

        /** As the API has it. */
        String label() {
            return label;
        }
    }

    /** An age is the ordinal of its {@link Age}. */
    private static final String SUM = """
            select width_bucket(extract(epoch from liveness_now() - s.init_at)::float8, f.thresholds)::text as age,
                   s.fee_currency, s.charge_status, count(*) as count,
                   sum(s.fee_amount * 10000 + s.fee_fraction)::bigint as amount
            from (select ?::float8[] as thresholds, ?::text as caller) f, liveness_session s
            where (s.status in ('OPENING', 'PENDING') or s.charge_status = 'UNCONFIRMED')
              and s.charge_status in ('PRE_DEDUCTED', 'UNCONFIRMED')
              and (f.caller is null or s.caller = f.caller)
            group by 1, 2, 3
            """;

    private final Batch batch;

    OpenFees(Batch batch) {
        this.batch = batch;
    }

    /**
     * By age, each by its ordinal.
     *
     * @param caller whose; all callers' when empty
     */
    Summary byAge(Optional<String> caller) {
        Object[] thresholds = Arrays.stream(Age.values())
                .skip(1)
                .map(age -> (double) age.from.toSeconds())
                .toArray();
        return batch.read(Batch.OF_A_REQUEST, connection -> {
            Summary summary = new Summary();
            try (PreparedStatement sum =
                            Sql.prepare(connection, SUM, connection.createArrayOf("float8", thresholds), caller);
                    ResultSet rows = sum.executeQuery()) {
                while (rows.next()) {
                    summary.add(
                            new Summary.Group(Optional.of(rows.getString("age")), rows.getString("fee_currency")),
                            Standing.valueOf(rows.getString("charge_status")),
                            new Figure(rows.getLong("count"), rows.getLong("amount")));
                }
            }
            return summary;
        });
    }
}
