package io.liveness.gateway.notify;

import io.quarkus.arc.Arc;
import io.quarkus.scheduler.Scheduler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with what runs by itself: attempts of deliveries, jobs, and reconciling. Its profile is {@code OptionsOn}. */
interface SchedulerOn {

    @BeforeEach
    default void jobs_run() {
        scheduler().resume();
    }

    @AfterEach
    default void jobs_stop() {
        scheduler().pause();
    }

    private static Scheduler scheduler() {
        return Arc.container().instance(Scheduler.class).get();
    }
}
