package io.liveness.gateway.testsupport.contract;

import io.liveness.gateway.testsupport.http.PlainPaths;
import io.liveness.gateway.testsupport.http.RawAnswer;
import io.restassured.builder.ResponseBuilder;
import io.restassured.filter.Filter;
import io.restassured.filter.FilterContext;
import io.restassured.http.Header;
import io.restassured.http.Headers;
import io.restassured.response.Response;
import io.restassured.specification.FilterableRequestSpecification;
import io.restassured.specification.FilterableResponseSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Fails a test whose answer violates the contract, for valid and invalid requests. */
public final class KeepsTheContract implements Filter {

    private final Judge judge = new Judge(Contract.checkedIn());

    @Override
    public Response filter(
            FilterableRequestSpecification request, FilterableResponseSpecification expected, FilterContext next) {
        Response response = next.next(request, expected);
        byte[] body = response.asByteArray();
        Request sent = new Request(request.getMethod(), target(request), headers(request.getHeaders()), body(request));
        RawAnswer answer = new RawAnswer(
                response.statusCode(), headers(response.getHeaders()), new String(body, StandardCharsets.UTF_8));
        judge.judge(sent, answer);
        SeenAnswers.add(sent, answer);
        return PlainPaths.of(new ResponseBuilder().clone(response).setBody(body).build());
    }

    private static String target(FilterableRequestSpecification request) {
        URI uri = URI.create(request.getURI());
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    private static byte[] body(FilterableRequestSpecification request) {
        Object body = request.getBody();
        if (body == null) {
            return new byte[0];
        }
        return body instanceof byte[] bytes ? bytes : body.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, List<String>> headers(Headers given) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (Header header : given) {
            headers.computeIfAbsent(header.getName(), name -> new ArrayList<>()).add(header.getValue());
        }
        return headers;
    }
}
