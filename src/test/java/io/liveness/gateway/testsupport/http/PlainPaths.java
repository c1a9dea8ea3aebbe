package io.liveness.gateway.testsupport.http;

import static org.hamcrest.MatcherAssert.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An answer whose JSON is read by Jackson where the path is plain, as in {@code items[0].charge.status}. REST Assured compiles
 * a Groovy script for each path, which took a quarter of the time of all tests; other paths are left to it. A failed
 * assertion shows the body.
 */
public final class PlainPaths {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "\\w[\\w-]*(?:\\[-?\\d+])*";
    private static final Pattern PLAIN =
            Pattern.compile("\\$?|" + NAME + "(?:\\." + NAME + ")*(?:\\.size\\(\\))?", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern STEP = Pattern.compile(
            "(?<size>size\\(\\))|(?<name>\\w[\\w-]*)|\\[(?<place>-?\\d+)]", Pattern.UNICODE_CHARACTER_CLASS);

    private final Response answer;
    private final Object json;

    private PlainPaths(Response answer) {
        this.answer = answer;
        this.json = parse(answer);
    }

    public static Response of(Response answer) {
        String type = answer.contentType();
        boolean json =
                type != null && type.contains("json") && !answer.asString().isEmpty();
        return json ? (Response) new PlainPaths(answer).wrap(answer) : answer;
    }

    private static Object parse(Response answer) {
        try {
            return JSON.readValue(answer.asString(), Object.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the answer is not JSON: " + answer.asString(), e);
        }
    }

    /** What the answer gives of itself, to be checked or extracted from, is wrapped too. */
    private Object wrap(Object result) {
        Class<?>[] types = Stream.of(Response.class, ValidatableResponse.class, ExtractableResponse.class)
                .filter(type -> type.isInstance(result))
                .toArray(Class<?>[]::new);
        return types.length == 0
                ? result
                : Proxy.newProxyInstance(
                        PlainPaths.class.getClassLoader(),
                        types,
                        (self, method, arguments) ->
                                call(self, result, method, arguments == null ? new Object[0] : arguments));
    }

    private Object call(Object self, Object delegate, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("path") && isPlain(arguments[0])) {
            return value((String) arguments[0]);
        }
        if (method.getName().equals("body")
                && arguments.length == 3
                && arguments[2] instanceof Object[] more
                && arePlain(arguments[0], more)) {
            check(arguments[0], arguments[1]);
            for (int next = 0; next < more.length; next += 2) {
                check(more[next], more[next + 1]);
            }
            return self;
        }
        try {
            return wrap(method.invoke(delegate, arguments));
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof AssertionError failed
                    ? new AssertionError(failed.getMessage() + answer.asString(), failed)
                    : e.getCause();
        }
    }

    private static boolean isPlain(Object path) {
        return path instanceof String text && PLAIN.matcher(text).matches();
    }

    private static boolean arePlain(Object first, Object[] more) {
        boolean plain = isPlain(first);
        for (int next = 0; next < more.length; next += 2) {
            plain = plain && isPlain(more[next]) && more[next + 1] instanceof org.hamcrest.Matcher<?>;
        }
        return plain;
    }

    @SuppressWarnings("unchecked")
    private void check(Object path, Object matcher) {
        assertThat(path + " of " + answer.asString(), value((String) path), (org.hamcrest.Matcher<Object>) matcher);
    }

    private Object value(String path) {
        Object value = json;
        Matcher step = STEP.matcher(path);
        while (value != null && step.find()) {
            if (step.group("place") != null) {
                value = element((List<?>) value, Integer.parseInt(step.group("place")));
            } else if (step.group("size") != null) {
                value = value instanceof Map<?, ?> map ? map.size() : ((Collection<?>) value).size();
            } else {
                value = property(value, step.group("name"));
            }
        }
        return value;
    }

    private static Object element(List<?> list, int place) {
        int index = place < 0 ? list.size() + place : place;
        return index >= 0 && index < list.size() ? list.get(index) : null;
    }

    /** A list has the property of each of its elements. */
    private static Object property(Object value, String name) {
        if (value instanceof List<?> list) {
            return list.stream()
                    .filter(Objects::nonNull)
                    .map(one -> property(one, name))
                    .collect(Collectors.toList());
        }
        if (value instanceof Map<?, ?> map) {
            return map.get(name);
        }
        throw new AssertionError("there is no " + name + " in " + value);
    }
}
