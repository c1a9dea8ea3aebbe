package io.liveness.gateway.platform.postgres;

import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A statement was not carried out, or its answer was lost, for want of a database. The same may succeed later. */
public final class DatabaseUnavailable extends RuntimeException {

    private final DatabaseFailure failure;

    private DatabaseUnavailable(DatabaseFailure failure, Throwable cause) {
        super(failure.meaning(), cause);
        this.failure = failure;
    }

    /** No answer came within the time there is. */
    public static DatabaseUnavailable notInTime() {
        return away("No answer in time");
    }

    static DatabaseUnavailable commitsHang() {
        return away("Commits wait for a synchronous standby");
    }

    private static DatabaseUnavailable away(String reason) {
        return new DatabaseUnavailable(DatabaseFailure.AWAY, new TimeoutException(reason));
    }

    /** Fails a statement that is not tried, as the statements before it failed. */
    DatabaseUnavailable still() {
        return failure == DatabaseFailure.AWAY
                ? away("No statement is answered at the moment")
                : new DatabaseUnavailable(failure, getCause());
    }

    /** Never a refused value, nor a fault of the service. */
    public DatabaseFailure failure() {
        return failure;
    }

    /** The reason in a few words, for the log. */
    String reason() {
        return getMessage() + ": " + getCause().getMessage();
    }

    /** The want of a database that is behind a failure of any work, if it is. */
    public static Optional<DatabaseUnavailable> behind(Throwable failure) {
        return DatabaseFailure.causes(failure)
                .filter(DatabaseUnavailable.class::isInstance)
                .map(DatabaseUnavailable.class::cast)
                .findFirst();
    }

    /** A failure of this type for want of a database, else the driver's failure itself. */
    static Throwable orItself(Throwable failure) {
        Optional<DatabaseUnavailable> known = behind(failure);
        if (known.isPresent()) {
            return known.get();
        }
        DatabaseFailure judged = DatabaseFailure.of(failure);
        return judged.isUnavailable() ? new DatabaseUnavailable(judged, failure) : failure;
    }
}
