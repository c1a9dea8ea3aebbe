package io.liveness.gateway.platform.postgres;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The one source of time, so that tests can set it: the database's clock, which all replicas share. */
class Clocks {

    @Produces
    @Singleton
    @Typed(DatabaseClock.class)
    DatabaseClock databaseClock() {
        return new DatabaseClock(Clock.systemUTC());
    }

    @Produces
    @Singleton
    @DefaultBean
    Clock clock(DatabaseClock databaseClock) {
        return databaseClock;
    }
}
