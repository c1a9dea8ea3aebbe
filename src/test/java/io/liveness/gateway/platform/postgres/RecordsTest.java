package io.liveness.gateway.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.testsupport.TestDatabase;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values come to PostgreSQL as they are. */
class RecordsTest {

    private enum Colour {
        RED
    }

    private record Thing(
            UUID id,
            byte[] bytes,
            Instant at,
            Optional<String> name,
            Colour colour,
            JsonObject json,
            Long big,
            Duration span,
            List<UUID> several) {}

    private static final Records<Thing> THINGS = new Records<Thing>()
            .with("id", "uuid", Thing::id)
            .with("bytes", "bytea", Thing::bytes)
            .with("at", "timestamptz", Thing::at)
            .with("name", "text", Thing::name)
            .with("colour", "text", Thing::colour)
            .with("json", "jsonb", Thing::json)
            .with("big", "int8", Thing::big)
            .with("span", "interval", Thing::span)
            .with("several", "uuid[]", Thing::several);

    private static final UUID ID = UUID.fromString("019e52f0-5a07-7c53-9d3e-5a1f0c4b7a70");

    private final TestDatabase database = TestDatabase.create();

    private static final Thing THING = new Thing(
            ID,
            new byte[] {0, -1, 92},
            Instant.parse("2026-12-02T01:02:03.123456789Z"),
            Optional.of("名\\\"'"),
            Colour.RED,
            new JsonObject().put("a", 1),
            Long.MAX_VALUE,
            Duration.ofMillis(90_061_500),
            List.of(ID, ID));

    private static final String AS_IT_IS =
            "(019e52f0-5a07-7c53-9d3e-5a1f0c4b7a70,\"\\\\x00ff5c\",\"2026-12-02 01:02:03.123456+00\","
                    + "\"名\\\\\"\"'\",RED,\"{\"\"a\"\": 1}\",9223372036854775807,25:01:01.5,"
                    + "\"{019e52f0-5a07-7c53-9d3e-5a1f0c4b7a70,019e52f0-5a07-7c53-9d3e-5a1f0c4b7a70}\")";

    @Test
    void each_type_comes_as_it_is() throws Exception {
        assertThat(read(THING)).isEqualTo(AS_IT_IS);
    }

    @Test
    void one_row_comes_as_one_of_many_does() throws Exception {
        assertThat(read(THINGS.fromOne("?", "t"), THINGS.of(THING).encode())).isEqualTo(AS_IT_IS);
    }

    @Test
    void what_is_not_there_is_null() throws Exception {
        assertThat(read(new Thing(null, null, null, Optional.empty(), null, null, null, null, null)))
                .isEqualTo("(,,,,,,,,)");
    }

    private String read(Thing thing) throws Exception {
        return read(THINGS.from("?", "t"), THINGS.of(List.of(thing)).encode());
    }

    private String read(String from, String parameter) throws Exception {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement("select t::text from " + from)) {
            connection.createStatement().execute("set time zone 'UTC'");
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
