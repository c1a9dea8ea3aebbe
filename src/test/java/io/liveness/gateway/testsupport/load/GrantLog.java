package io.liveness.gateway.testsupport.load;

import io.liveness.gateway.testsupport.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Records each call when it is granted, in the row of the vendor's budget, by the database's clock. */
public final class GrantLog {

    private static final String START = """
            create table grant_log (
                id bigint generated always as identity, at timestamptz not null, busy_until timestamptz not null,
                full_at timestamptz not null);
            create function log_grant() returns trigger language plpgsql as $$
            begin
                insert into grant_log (at, busy_until, full_at)
                values (clock_timestamp(), greatest(old.full_at, clock_timestamp()), new.full_at);
                return null;
            end $$;
            create trigger log_grant after update of full_at on vendor_budget
                for each row when (old.full_at <> new.full_at) execute function log_grant();
            """;

    private static final String READ = """
            select extract(epoch from at)::float8 as at, extract(epoch from busy_until)::float8 as busy_until,
                   extract(epoch from full_at - busy_until)::float8 as taken
            from grant_log order by id
            """;

    private GrantLog() {}

    public static void start(TestDatabase database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
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
                long calls = Math.round(row.getDouble("taken") * perSecond);
                for (int call = 1; call <= calls; call++) {
                    double free = row.getDouble("busy_until") + call / (double) perSecond - 1;
                    places.add(Math.max(row.getDouble("at"), free));
                }
                for (long back = calls; back < 0 && !places.isEmpty(); back++) {
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
