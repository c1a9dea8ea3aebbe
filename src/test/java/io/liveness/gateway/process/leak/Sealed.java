package io.liveness.gateway.process.leak;

/** The encrypted columns that have a value in the run. */
enum Sealed {
    FACE("face_url_sealed", "liveness_session", Datum.FACE_IMAGE, true),
    TOKEN("token_sealed", "liveness_session", Datum.VENDOR_TOKEN, true),
    TOKEN_OF_LOOKS("token_sealed", "session_schedule", Datum.VENDOR_TOKEN, true),
    CHECK_PAGE("check_url_sealed", "liveness_session", Datum.CHECK_PAGE, true),
    SECRET("secret_sealed", "webhook_endpoint", Datum.WEBHOOK_SECRET, false);

    final String name;
    final String table;
    final Datum datum;
    final boolean isErased;

    Sealed(String name, String table, Datum datum, boolean isErased) {
        this.name = name;
        this.table = table;
        this.datum = datum;
        this.isErased = isErased;
    }
}
