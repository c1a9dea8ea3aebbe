package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Records each call when the function of the vendor's budget grants it, by the database's clock. */
public final class GrantLog {

    private static final String COPY =
            "select replace(pg_get_functiondef('vendor_budget_take'::regproc), 'vendor_budget_take', 'vendor_budget_unlogged')";

    private static final String START = """
            create table grant_log (
                id bigint generated always as identity, at timestamptz not null, first_in float8 not null, granted integer not null);
            create or replace function vendor_budget_take(purpose text, rate float8, ahead float8, wanted integer,
                out granted integer, out first_in float8, out open_in float8) language plpgsql as $$
            begin
                select taken.* into granted, first_in, open_in from vendor_budget_unlogged(purpose, rate, ahead, wanted) taken;
                if granted <> 0 then
                    insert into grant_log (at, first_in, granted) values (clock_timestamp(), first_in, granted);
                end if;
            end $$;
            """;

    private static final String READ =
            "select extract(epoch from at)::float8 as at, first_in, granted from grant_log order by id";

    private GrantLog() {}

    public static void start(TestDatabase database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String copy;
            try (ResultSet row = statement.executeQuery(COPY)) {
                row.next();
                copy = row.getString(1);
            }
            statement.execute(copy);
            statement.execute(START);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When each call could be made at the earliest, in seconds; without those that were given back. */
    public static List<Double> places(TestDatabase database, int perSecond) {
        List<Double> places = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            while (row.next()) {
                int calls = row.getInt("granted");
                for (int call = 0; call < calls; call++) {
                    double wait = Math.max(0, row.getDouble("first_in") + call / (double) perSecond);
                    places.add(row.getDouble("at") + wait);
                }
                for (int back = calls; back < 0 && !places.isEmpty(); back++) {
                    places.remove(places.size() - 1);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        Collections.sort(places);
        return places;
    }
}
