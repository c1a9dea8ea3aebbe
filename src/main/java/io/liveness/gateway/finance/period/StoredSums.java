package io.liveness.gateway.finance.period;

import io.liveness.gateway.finance.summary.Figure;
import io.liveness.gateway.finance.summary.Standing;
import io.liveness.gateway.finance.summary.Sums;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.SortedMap;
import java.util.TreeMap;

/** The sums of a closed month as they are stored: a figure each for a currency and where its fees stand, in minor units. */
final class StoredSums {

    private StoredSums() {}

    /** @param sums by currency */
    static JsonArray write(SortedMap<String, Sums> sums) {
        JsonArray figures = new JsonArray();
        sums.forEach((currency, sum) -> sum.figures()
                .forEach((standing, figure) -> figures.add(new JsonObject()
                        .put("currency", currency)
                        .put("standing", standing.name())
                        .put("count", figure.count())
                        .put("amount", figure.amount()))));
        return figures;
    }

    static SortedMap<String, Sums> read(JsonArray figures) {
        SortedMap<String, Sums> sums = new TreeMap<>();
        for (int at = 0; at < figures.size(); at++) {
            JsonObject figure = figures.getJsonObject(at);
            sums.computeIfAbsent(figure.getString("currency"), any -> new Sums())
                    .add(
                            Standing.valueOf(figure.getString("standing")),
                            new Figure(figure.getLong("count"), figure.getLong("amount")));
        }
        return sums;
    }
}
