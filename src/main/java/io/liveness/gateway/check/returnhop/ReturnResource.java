package io.liveness.gateway.check.returnhop;

import io.liveness.gateway.check.open.ReturnHop;
import io.liveness.gateway.platform.CallerContext;
import io.liveness.gateway.platform.Uncancellable;
import io.liveness.gateway.platform.limits.Bulkhead;
import io.liveness.gateway.platform.limits.Refusals;
import io.liveness.gateway.platform.limits.RefusedBy;
import io.liveness.gateway.platform.problem.ProblemCode;
import io.liveness.gateway.platform.problem.ProblemException;
import io.liveness.gateway.platform.query.Parameters;
import io.liveness.gateway.platform.security.Caller;
import io.liveness.gateway.vendor.Confidential;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestResponse;

/** Where the vendor's page sends a person's browser: the one public address under {@code /v1/}. */
@Path(ReturnHop.PATH)
@PermitAll
class ReturnResource {

    // The vendor says "passed or not passed". It is a hint that can be forged: no more of it than that goes on.
    private static final Pattern PASSED = Pattern.compile("[ -~]{1,32}");

    /** The page for a browser that does not have the session's token: it learns nothing about the caller. */
    private static final String NEUTRAL_PAGE = """
            <!doctype html>
            <html lang="zh">
            <meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>人脸核验 · Face check</title>
            <p>请返回您开始核验的应用或网页。</p>
            <p lang="en">Please go back to the app or page where you started the check.</p>
            </html>
            """;

    private static final Duration SOON = Duration.ofSeconds(1);

    /** Requests of one session at once: they are anonymous, and one person may send many. */
    private static final int PLACES_OF_A_SESSION = 2;

    /** Requests with the same link have the same answer. */
    private record Link(UUID session, Optional<Confidential> token) {}

    private final ReturnFromCheck returning;
    private final Bulkhead places;
    private final Map<Link, Uni<Optional<String>>> underWay = new ConcurrentHashMap<>();
    private final Refusals refusals;

    ReturnResource(ReturnFromCheck returning, ReturnHop.ReturnSettings config, Refusals refusals) {
        this.returning = returning;
        this.places = new Bulkhead(config.maxConcurrent(), PLACES_OF_A_SESSION);
        this.refusals = refusals;
    }

    @GET
    @Path("/{id}")
    @Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
    public Uni<RestResponse<String>> handleReturn(
            @PathParam("id") String id,
            @QueryParam("token") List<String> token,
            @QueryParam("passed") List<String> passed) {
        UUID session = Parameters.uuid(id).orElseThrow(ProblemException::notFound);
        Link link = new Link(session, single(token).map(Confidential::new));
        Optional<String> hint = single(passed).filter(PASSED.asMatchPredicate());
        return Uni.createFrom().deferred(() -> {
            Executor context = CallerContext.capture();
            // Uncancellable: a cancelled request keeps its place until the database has answered.
            return Uncancellable.from(underWay.computeIfAbsent(link, this::handleReturn))
                    .emitOn(context)
                    .map(page -> goOn(page.map(
                            address -> callersPage(address, link.token().orElseThrow(), hint))));
        });
    }

    /** A link that many send at the same time is handled once, and takes one place. */
    private Uni<Optional<String>> handleReturn(Link link) {
        return places.run(
                        new Caller(link.session().toString()),
                        () -> returning.handleReturn(link.session(), link.token()),
                        full -> Uni.createFrom().failure(this::busy))
                .onTermination()
                .invoke(() -> underWay.remove(link))
                .memoize()
                .indefinitely();
    }

    private ProblemException busy() {
        refusals.count(RefusedBy.RETURN_HOP);
        return new ProblemException(
                        ProblemCode.BUSY, "Too many browsers are returning now; reload after Retry-After seconds.")
                .retryAfter(SOON);
    }

    private static Optional<String> single(List<String> values) {
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /**
     * The caller's own address with the result added to its query, as the vendor's page itself would do without a hop. The caller's query
     * stays as it is, even with a parameter {@code token}; the vendor's parameters are appended.
     */
    static URI callersPage(String address, Confidential token, Optional<String> passed) {
        int fragment = address.indexOf('#');
        String page = fragment < 0 ? address : address.substring(0, fragment);
        StringBuilder url =
                new StringBuilder(page).append(joint(page)).append("token=").append(encoded(token.value()));
        passed.ifPresent(result -> url.append("&passed=").append(encoded(result)));
        return URI.create(url.append(address, page.length(), address.length()).toString());
    }

    private static String joint(String page) {
        int query = page.indexOf('?');
        if (query < 0) {
            return "?";
        }
        return query == page.length() - 1 || page.endsWith("&") ? "" : "&";
    }

    // URLEncoder is for forms, which write a space as a plus.
    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static RestResponse<String> goOn(Optional<URI> callersPage) {
        RestResponse.ResponseBuilder<String> answer = callersPage
                .map(page -> RestResponse.ResponseBuilder.<String>create(RestResponse.Status.SEE_OTHER)
                        .location(page))
                .orElseGet(() -> RestResponse.ResponseBuilder.ok(NEUTRAL_PAGE)
                        .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"));
        return answer.header("Referrer-Policy", "no-referrer").build();
    }
}
