package io.liveness.gateway.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.liveness.gateway.platform.problem.Problem.FieldError;
import io.liveness.gateway.platform.problem.ProblemException;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestBodiesTest {

    @Test
    void a_body_that_its_caller_cuts_short_is_no_fault_of_the_gateway() {
        InputStream cutShort = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Connection was closed");
            }
        };
        Map<String, Object> answers = Map.of(
                "getHeaders",
                new MultivaluedHashMap<>(Map.of("Content-Type", "application/json")),
                "getInputStream",
                cutShort);
        ReaderInterceptorContext body = (ReaderInterceptorContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ReaderInterceptorContext.class},
                (proxy, method, arguments) -> answers.get(method.getName()));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new BodyLimit.RequestBodies().aroundReadFrom(body))
                .satisfies(problem ->
                        assertThat(problem.errors()).containsExactly(new FieldError("body", "is incomplete")));
    }
}
