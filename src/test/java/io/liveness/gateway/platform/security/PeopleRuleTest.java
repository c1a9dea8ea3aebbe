package io.liveness.gateway.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.liveness.gateway.platform.security.VerifiedTokens.TokenRules;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleRuleTest {

    private static final Pattern BLOCK = Pattern.compile("```properties\n# (.*)\n([^`]*)```");
    private static final String ACCOUNT = """
            {"iss":"https://kubernetes.default.svc.cluster.local","aud":["liveness-gateway"],"sub":"system:serviceaccount:shop:checkout",
             "kubernetes.io":{"namespace":"shop","serviceaccount":{"name":"checkout","uid":"5b1c"}}}""";

    private record Configured(
            Optional<String> claim,
            Optional<List<String>> values,
            Optional<List<String>> clients,
            String identityClaim,
            Optional<String> nameClaim)
            implements PeopleRule.People {}

    private record Tokens(String callerClaim) implements TokenRules {

        @Override
        public Duration longestLife() {
            return Duration.ofDays(1);
        }
    }

    /** Tokens as the issuers make them, against the rule that the documentation has for the issuer: its first words. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            Keycloak: | a person at the console | 6f2c Fiona Finance | {"sub":"6f2c","typ":"Bearer","azp":"liveness-console","sid":"8d1f","scope":"openid profile","preferred_username":"fiona","name":"Fiona Finance"}
            Keycloak: | the service account of a caller | | {"sub":"b10a","typ":"Bearer","azp":"finance-jobs","client_id":"finance-jobs","clientHost":"10.0.0.7","scope":"openid profile","preferred_username":"service-account-finance-jobs"}
            Keycloak: | a person at another client | | {"sub":"6f2c","typ":"Bearer","azp":"finance-jobs","preferred_username":"fiona","name":"Fiona Finance"}
            Entra ID: | a person | 9a31 Fiona Finance | {"ver":"2.0","sub":"pairwise-1","oid":"9a31","azp":"c0n5","azpacr":"1","idtyp":"user","scp":"Liveness.Work","name":"Fiona Finance","tid":"7e"}
            Entra ID: | an application | | {"ver":"2.0","sub":"51bd","oid":"51bd","azp":"a99","azpacr":"1","idtyp":"app","roles":["finance-admin"],"tid":"7e"}
            Entra ID: | an application without idtyp | | {"ver":"2.0","sub":"51bd","oid":"51bd","azp":"a99","azpacr":"1","roles":["finance-admin"],"tid":"7e"}
            Entra ID without | a person | 9a31 fiona@company.example | {"ver":"2.0","sub":"pairwise-1","oid":"9a31","azp":"c0n5","azpacr":"1","scp":"Liveness.Work","preferred_username":"fiona@company.example","tid":"7e"}
            Entra ID without | an application | | {"ver":"2.0","sub":"51bd","oid":"51bd","azp":"a99","azpacr":"1","roles":["finance-admin"],"tid":"7e"}
            Okta: | a person | 00u1 fiona@company.example | {"ver":1,"cid":"0oaConsole","uid":"00u1","scp":["openid","finance"],"sub":"fiona@company.example"}
            Okta: | client credentials | | {"ver":1,"cid":"0oaJobs","scp":["finance"],"sub":"0oaJobs"}
            钉钉, | a person | dk3 王芳 | {"sub":"openid-1","unionid":"dk3","name":"王芳","azp":"dingconsole"}
            钉钉, | an application | | {"sub":"dingjobs","azp":"dingjobs","corpid":"ding7"}
            飞书, | a person | on_94a1 王芳 | {"sub":"ou_7d8a","union_id":"on_94a1","name":"王芳","tenant_key":"7365","azp":"cli_console"}
            飞书, | an application | | {"sub":"cli_9f","tenant_key":"7365","azp":"cli_9f"}
            """)
    void a_token_is_a_persons_by_the_documented_rule_alone(String issuer, String of, String person, String claims)
            throws Exception {
        assertThat(person(documented(issuer), claims).map(one -> one.subject() + " " + one.name()))
                .isEqualTo(Optional.ofNullable(person));
        assertThat(person(rule("", "", ""), claims)).as("without a rule").isEmpty();
    }

    @Test
    void the_service_account_of_a_cluster_is_a_person_by_no_documented_rule() throws Exception {
        assertThat(documented()).hasSize(6);
        for (String issuer : documented().keySet()) {
            assertThat(person(documented(issuer), ACCOUNT)).as(issuer).isEmpty();
        }
    }

    @Test
    void two_subjects_with_one_identity_are_one_person() throws Exception {
        PeopleRule entra = documented("Entra ID:");
        String token = "{\"sub\":\"%s\",\"oid\":\"9a31\",\"idtyp\":\"user\",\"name\":\"Fiona\"}";

        assertThat(person(entra, token.formatted("pairwise-1")))
                .contains(new Person("https://id.example", "9a31", "Fiona"))
                .isEqualTo(person(entra, token.formatted("pairwise-2")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            people |         | {"sub":"1","azp":"console","kind":"people"}            | true
            people |         | {"sub":"1","azp":"console","kind":["staff","people"]}  | true
            people |         | {"sub":"1","azp":"console","kind":"peoples"}           | false
            people |         | {"sub":"1","azp":"console","kind":{"people":"people"}} | false
            people |         | {"sub":"1","azp":"console","kind":null}                | false
            true   |         | {"sub":"1","azp":"console","kind":true}                | true
            *      |         | {"sub":"1","azp":"console","kind":0}                   | true
            *      |         | {"sub":"1","azp":"console","kind":[]}                  | false
            *      |         | {"sub":"1","azp":"console"}                            | false
            people | console | {"sub":"1","azp":"console","kind":"people"}            | true
            people | console | {"sub":"1","azp":"jobs","kind":"people"}               | false
            people | console | {"sub":"1","azp":"console","kind":"service"}           | false
            people |         | {"azp":"console","kind":"people"}                      | false
            people |         | {"sub":" ","azp":"console","kind":"people"}            | false
            people |         | {"sub":"a\\u0000b","azp":"console","kind":"people"}    | false
            people |         | {"sub":["1"],"azp":"console","kind":"people"}          | false
            """)
    void all_that_is_configured_must_hold(String values, String clients, String claims, boolean is) throws Exception {
        assertThat(person(rule("kind", values, clients == null ? "" : clients), claims)
                        .isPresent())
                .isEqualTo(is);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            idtyp | ''     | ''      | liveness.people.values must say
            ''    | user   | ''      | liveness.people.claim must name
            idtyp | *,user | ''      | either * or a list
            cnf   | *      | ''      | can never hold
            azp   | jobs   | console | have none in common
            ''    | ''     | ' '     | liveness.people.clients is given and names no client
            """)
    void half_a_rule_or_one_that_never_holds_stops_the_start(
            String claim, String values, String clients, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rule(claim, values, clients))
                .withMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"at_hash", "cnf"})
    void an_identity_that_no_accepted_token_has_stops_the_start(String claim) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PeopleRule(
                        new Configured(
                                Optional.of("idtyp"),
                                Optional.of(List.of("user")),
                                Optional.empty(),
                                claim,
                                Optional.empty()),
                        new Tokens("azp")))
                .withMessageContaining(claim);
    }

    private static PeopleRule rule(String claim, String values, String clients) {
        return new PeopleRule(
                new Configured(given(claim), list(values), list(clients), "sub", Optional.empty()), new Tokens("azp"));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).filter(one -> !one.isEmpty());
    }

    private static Optional<List<String>> list(String text) {
        return given(text).map(all -> List.of(all.split(",")));
    }

    private static PeopleRule documented(String issuer) throws IOException {
        Properties rule = documented().entrySet().stream()
                .filter(one -> one.getKey().startsWith(issuer))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow();
        return new PeopleRule(
                new Configured(
                        given(rule.getProperty("liveness.people.claim")),
                        list(rule.getProperty("liveness.people.values")),
                        list(rule.getProperty("liveness.people.clients")),
                        rule.getProperty("liveness.people.identity-claim", "sub"),
                        given(rule.getProperty("liveness.people.name-claim"))),
                new Tokens("azp"));
    }

    /** The rules of docs/configuration.md, by their first lines. */
    private static Map<String, Properties> documented() throws IOException {
        String section = Files.readString(Path.of("docs/configuration.md"))
                .split("\n## People\n")[1]
                .split("\n## ")[0];
        Map<String, Properties> rules = new LinkedHashMap<>();
        for (var block = BLOCK.matcher(section).results().iterator(); block.hasNext(); ) {
            var found = block.next();
            Properties rule = new Properties();
            rule.load(new StringReader(found.group(2)));
            rules.put(found.group(1), rule);
        }
        return rules;
    }

    private static Optional<Person> person(PeopleRule rule, String json) throws InvalidJwtException {
        JwtClaims claims = JwtClaims.parse(json);
        claims.setIssuer("https://id.example");
        SecurityIdentity identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .build();
        return Person.of(rule.augment(identity, null).await().indefinitely());
    }
}
