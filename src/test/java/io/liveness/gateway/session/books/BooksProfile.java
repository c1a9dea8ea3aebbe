package io.liveness.gateway.session.books;

import io.quarkus.test.junit.QuarkusTestProfile;

/** A gateway with a database of its own: a whole round over the books reads all that other tests have stored. */
public final class BooksProfile implements QuarkusTestProfile {}
