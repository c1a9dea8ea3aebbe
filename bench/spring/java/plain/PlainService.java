package plain;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.domain.Persistable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.server.ResponseStatusException;

/**
 * Opens and reads sessions as a conventional service would: MVC on virtual threads, JPA, bearer tokens. It stores the intent, calls
 * the vendor, and records the outcome with its fee. It has less to do than the gateway: no events, no schedule, no budget, no
 * encryption, no replay of a key, one kept connection to the vendor for many calls.
 */
@SpringBootApplication
@EnableJpaRepositories(considerNestedRepositories = true)
@RestController
@RequestMapping("/v1/liveness-sessions")
public class PlainService {

    private static final Duration LIFE_OF_A_TOKEN = Duration.ofHours(2);

    private final Sessions sessions;
    private final Fees fees;
    private final TransactionTemplate transactions;
    private final RestClient vendor;

    public PlainService(
            Sessions sessions,
            Fees fees,
            TransactionTemplate transactions,
            RestClient.Builder clients,
            @Value("${vendor}") String vendor) {
        this.sessions = sessions;
        this.fees = fees;
        this.transactions = transactions;
        this.vendor = clients.baseUrl(vendor).build();
    }

    /** @param arguments Spring's settings */
    public static void main(String[] arguments) {
        SpringApplication.run(PlainService.class, arguments);
    }

    @PostMapping
    public ResponseEntity<Session> open(
            @AuthenticationPrincipal Jwt token,
            @RequestHeader("Idempotency-Key") String key,
            @RequestBody OpenRequest request) {
        Session session = new Session(caller(token), key, request);
        transactions.executeWithoutResult(status -> sessions.save(session));
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        form.add("appId", "bench");
        form.add("returnUrl", request.returnUrl());
        InitAnswer answer = vendor.post()
                .uri("/lifecheck/h5/v2-1/init")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .body(form)
                .retrieve()
                .body(InitAnswer.class);
        Session opened = transactions.execute(status -> {
            Session stored = sessions.findById(session.getId()).orElseThrow();
            stored.opened(answer);
            fees.save(new Fee(stored.getId(), answer.taskNo()));
            return stored;
        });
        return ResponseEntity.status(HttpStatus.CREATED).body(opened);
    }

    @GetMapping("/{id}")
    public Session read(@AuthenticationPrincipal Jwt token, @PathVariable UUID id) {
        return sessions.findByIdAndCaller(id, caller(token))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static String caller(Jwt token) {
        return token.getClaimAsString("azp");
    }

    public record OpenRequest(String returnUrl, String title, String reference) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record InitAnswer(int code, String taskNo, boolean charge, Data data) {

        @JsonIgnoreProperties(ignoreUnknown = true)
        public record Data(String token, String checkUrl) {}
    }

    public interface Sessions extends JpaRepository<Session, UUID> {

        java.util.Optional<Session> findByIdAndCaller(UUID id, String caller);
    }

    public interface Fees extends JpaRepository<Fee, UUID> {}

    /** A row that is new is inserted without a look for it. */
    @jakarta.persistence.MappedSuperclass
    public abstract static class Row implements Persistable<UUID> {

        @Id
        protected UUID id;

        @Transient
        private boolean stored;

        @Override
        public UUID getId() {
            return id;
        }

        @Override
        @com.fasterxml.jackson.annotation.JsonIgnore
        public boolean isNew() {
            return !stored;
        }

        @PostLoad
        @PostPersist
        void isStored() {
            stored = true;
        }
    }

    @Entity
    @Table(name = "plain_session")
    @com.fasterxml.jackson.annotation.JsonAutoDetect(fieldVisibility = com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility.ANY)
    public static class Session extends Row {

        private String caller;

        @Column(name = "idempotency_key")
        private String key;

        private String status;

        @Column(name = "return_url")
        private String returnUrl;

        private String title;
        private String reference;

        @Column(name = "task_no")
        private String taskNo;

        private String token;

        @Column(name = "check_url")
        private String checkUrl;

        @Column(name = "token_expires_at")
        private Instant tokenExpiresAt;

        @Column(name = "created_at")
        private Instant createdAt;

        @Column(name = "updated_at")
        private Instant updatedAt;

        protected Session() {}

        Session(String caller, String key, OpenRequest request) {
            this.id = UUID.randomUUID();
            this.caller = caller;
            this.key = key;
            this.status = "OPENING";
            this.returnUrl = request.returnUrl();
            this.title = request.title();
            this.reference = request.reference();
            this.createdAt = Instant.now();
            this.updatedAt = createdAt;
        }

        void opened(InitAnswer answer) {
            status = "PENDING";
            taskNo = answer.taskNo();
            token = answer.data().token();
            checkUrl = answer.data().checkUrl();
            updatedAt = Instant.now();
            tokenExpiresAt = updatedAt.plus(LIFE_OF_A_TOKEN);
        }
    }

    @Entity
    @Table(name = "plain_fee")
    public static class Fee extends Row {

        @Column(name = "task_no")
        private String taskNo;

        private long amount;

        @Column(name = "recorded_at")
        private Instant recordedAt;

        protected Fee() {}

        Fee(UUID session, String taskNo) {
            this.id = session;
            this.taskNo = taskNo;
            this.amount = 80;
            this.recordedAt = Instant.now();
        }
    }
}
