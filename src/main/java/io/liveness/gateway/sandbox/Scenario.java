package io.liveness.gateway.sandbox;

import static io.liveness.gateway.sandbox.Scenario.InitPlan.ABSENT;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.ACCEPTED;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.FALSE;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.TRUE;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.accepted;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.nothing;
import static io.liveness.gateway.sandbox.Scenario.InitPlan.refused;
import static io.liveness.gateway.sandbox.Scenario.ResultPlan.SMOOTH;
import static io.liveness.gateway.sandbox.Scenario.ResultPlan.lost;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the sandbox does with a check; chosen by init's title {@code sandbox:<name>}. */
public enum Scenario {
    PASS(ACCEPTED, Ending.PASSED, "verdict 200 at once", "立即通过(200)"),
    NOT_PASS(ACCEPTED, Ending.NOT_PASSED, "verdict 202 at once", "立即未通过(202)"),
    FAIL(ACCEPTED, Ending.FAILED, "verdict 203 at once, refunded", "立即检测失败(203),退费"),
    ABANDON(ACCEPTED, Ending.BY_PAGE, "check not finished: 201 until expiry, then 301", "无人完成:到期前201,之后301"),
    LATE(ACCEPTED, Ending.LATE, "201 for a while, then 200", "先201,稍后200"),

    CODE_400(400),
    CODE_404(404),
    CODE_500(500),
    CODE_601(601),
    CODE_602(602),
    CODE_604(604),
    CODE_606(606),
    CODE_607(607),
    CODE_609(609),
    CODE_610(610),
    CODE_999(999),
    CODE_777(refused(777), "init answers a code the document does not know, no fee", "初始化返回文档没有的返回码,不扣费"),
    CODE_609_ONCE(
            ACCEPTED,
            Ending.PASSED,
            "the first init with this returnUrl answers 609, the next passes",
            "同一returnUrl首次初始化返回609,之后通过"),

    CODE_610_CHARGED(
            new InitPlan(true, 610, ABSENT, false, Delivery.PLAIN),
            "fee taken, but init answers 610 without charge",
            "已扣费,初始化却返回610且无charge"),
    REFUSED_CHARGED(
            new InitPlan(true, 601, TRUE, false, Delivery.PLAIN),
            "fee taken, but init answers 601 with charge true",
            "已扣费,初始化却返回601且charge为true"),

    REFUSED_UNFLAGGED(
            new InitPlan(false, 500, ABSENT, false, Delivery.PLAIN),
            "init answers 500 without charge, no fee",
            "初始化返回500且无charge,未扣费"),

    TIMEOUT_BEFORE_FEE(nothing(Delivery.HOLD), "init never answers, no fee", "初始化不应答,未扣费"),
    TIMEOUT_AFTER_FEE(accepted(Delivery.HOLD), "init never answers, fee taken", "初始化不应答,已扣费"),
    DROP_BEFORE_FEE(nothing(Delivery.DROP), "connection closed, no fee", "连接断开,未扣费"),
    DROP_AFTER_FEE(accepted(Delivery.DROP), "connection closed, fee taken", "连接断开,已扣费"),
    SLOW(accepted(Delivery.SLOW), Ending.PASSED, "init answers slowly, then passes", "初始化应答缓慢,之后通过"),
    GARBAGE(accepted(Delivery.GARBAGE), "truncated JSON, fee taken", "JSON被截断,已扣费"),
    HTML(accepted(Delivery.HTML), "an HTML page with status 502, fee taken", "返回502的HTML页面,已扣费"),
    EMPTY(accepted(Delivery.EMPTY), "an empty body, fee taken", "应答为空,已扣费"),

    CHARGE_FALSE(
            new InitPlan(false, 200, FALSE, true, Delivery.PLAIN),
            Ending.PASSED,
            "token with charge false: passes and is never charged",
            "有token且charge为false:通过但不计费"),
    CHARGE_ABSENT(
            new InitPlan(true, 200, ABSENT, true, Delivery.PLAIN),
            Ending.PASSED,
            "success without charge, fee taken, passes",
            "成功但无charge字段,已扣费,通过"),
    TOKEN_MISSING(
            new InitPlan(true, 200, TRUE, false, Delivery.PLAIN), "200 without a token, fee taken", "返回200但无token,已扣费"),
    TOKEN_MISSING_UNCHARGED(
            new InitPlan(false, 200, FALSE, false, Delivery.PLAIN),
            "200 without a token, charge false, no fee",
            "返回200但无token,charge为false,未扣费"),

    STORM_609(ResultPlan.refused(5, 609), "the first 5 result calls answer 609, then 200", "前5次查询返回609,之后200"),
    RESULT_500(ResultPlan.refused(3, 500), "the first 3 result calls answer 500, then 200", "前3次查询返回500,之后200"),
    RESULT_GARBAGE(lost(2, Delivery.GARBAGE), "the first 2 result answers are truncated, then 200", "前2次查询应答被截断,之后200"),
    RESULT_DROP(lost(1, Delivery.DROP), "the first result call loses its connection, then 200", "首次查询连接断开,之后200"),
    EXPIRED_EARLY(ResultPlan.refused(3, 301), "the first 3 result calls answer 301, then 200", "前3次查询返回301,之后200"),
    CONTRADICT(ACCEPTED, Ending.CONTRADICTORY, "the first result is 202, later ones 200", "首次查询202,之后200"),

    /** Every other title. */
    UNSCRIPTED(ACCEPTED, Ending.BY_PAGE, "the check page decides", "由检测页面决定");

    private static final String PREFIX = "sandbox:";
    private static final Map<String, Scenario> BY_TITLE =
            scripted().stream().collect(Collectors.toMap(Scenario::title, Function.identity()));

    private final InitPlan init;
    private final ResultPlan results;
    private final Ending ending;
    private final String english;
    private final String chinese;

    Scenario(int code) {
        this(refused(code), "init answers " + code + ", no fee", "初始化返回" + code + ",不扣费");
    }

    Scenario(InitPlan init, String english, String chinese) {
        this(init, SMOOTH, Ending.BY_PAGE, english, chinese);
    }

    Scenario(InitPlan init, Ending ending, String english, String chinese) {
        this(init, SMOOTH, ending, english, chinese);
    }

    Scenario(ResultPlan results, String english, String chinese) {
        this(ACCEPTED, results, Ending.PASSED, english, chinese);
    }

    Scenario(InitPlan init, ResultPlan results, Ending ending, String english, String chinese) {
        this.init = init;
        this.results = results;
        this.ending = ending;
        this.english = english;
        this.chinese = chinese;
    }

    static Scenario of(String title) {
        return BY_TITLE.getOrDefault(title, UNSCRIPTED);
    }

    /** The scenarios that a title chooses. */
    public static List<Scenario> scripted() {
        return Stream.of(values()).filter(scenario -> scenario != UNSCRIPTED).toList();
    }

    /** The name in the title, as in {@code token-missing}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The title that chooses this scenario. */
    public String title() {
        return PREFIX + wireName();
    }

    String english() {
        return english;
    }

    String chinese() {
        return chinese;
    }

    InitPlan init() {
        return init;
    }

    ResultPlan results() {
        return results;
    }

    Ending ending() {
        return ending;
    }

    /** Where the verdict of a check comes from. */
    enum Ending {
        PASSED,
        NOT_PASSED,
        FAILED,
        /** Passed, but not known at once. */
        LATE,
        /** The first answer is not passed, every later one is passed. */
        CONTRADICTORY,
        /** The check page alone gives a verdict; without it the token expires. */
        BY_PAGE
    }

    /**
     * What init does.
     *
     * @param fee whether the fee is pre-deducted
     * @param charge the billing flag of the answer
     * @param token whether the answer carries token and checkUrl
     */
    record InitPlan(boolean fee, int code, Optional<Boolean> charge, boolean token, Delivery delivery) {

        static final Optional<Boolean> TRUE = Optional.of(true);
        static final Optional<Boolean> FALSE = Optional.of(false);
        static final Optional<Boolean> ABSENT = Optional.empty();

        static final InitPlan ACCEPTED = accepted(Delivery.PLAIN);

        static InitPlan refused(int code) {
            return new InitPlan(false, code, FALSE, false, Delivery.PLAIN);
        }

        /** An init that did all it should, while its answer fares badly. */
        static InitPlan accepted(Delivery delivery) {
            return new InitPlan(true, VendorAnswer.SUCCESS, TRUE, true, delivery);
        }

        /** An init that did nothing, without the caller learning so. */
        static InitPlan nothing(Delivery delivery) {
            return new InitPlan(false, VendorAnswer.SUCCESS, FALSE, false, delivery);
        }

        /** A fee is always tied to a token, whether or not the caller gets to see it: that is how it returns by itself. */
        boolean opensCheck() {
            return fee || token;
        }
    }

    /**
     * The faults of the first result calls of a check.
     *
     * @param calls how many of them
     * @param code answered in place of the verdict; {@link VendorAnswer#SUCCESS} leaves the answer as it would be
     */
    record ResultPlan(int calls, int code, Delivery delivery) {

        static final ResultPlan SMOOTH = new ResultPlan(0, VendorAnswer.SUCCESS, Delivery.PLAIN);

        static ResultPlan refused(int calls, int code) {
            return new ResultPlan(calls, code, Delivery.PLAIN);
        }

        /** The vendor does settle the check then; only its answer is lost. */
        static ResultPlan lost(int calls, Delivery delivery) {
            return new ResultPlan(calls, VendorAnswer.SUCCESS, delivery);
        }

        boolean refuses(int call) {
            return call <= calls && code != VendorAnswer.SUCCESS;
        }

        Delivery delivery(int call) {
            return call <= calls ? delivery : Delivery.PLAIN;
        }
    }

    /** What becomes of an answer on its way to the caller. */
    enum Delivery {
        PLAIN,
        /** Later than usual. */
        SLOW,
        /** Never, while the connection stays open: the caller gives up. */
        HOLD,
        /** Never, and the connection is closed. */
        DROP,
        /** Cut off in the middle of the JSON. */
        GARBAGE,
        /** An HTML page with status 502, as a proxy in between makes it. */
        HTML,
        /** Status 200 and no body. */
        EMPTY;

        /** Whether the caller can learn nothing from what it gets. */
        boolean loses() {
            return this != PLAIN && this != SLOW;
        }
    }
}
