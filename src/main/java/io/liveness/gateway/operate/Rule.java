package io.liveness.gateway.operate;

import java.util.List;
import java.util.Set;

/**
 * What is looked at, each by the figure and the threshold of its alert in {@code k8s/base/prometheus-rule.yaml}, without waiting for as
 * long as the alert does, unless that is a day or more. An alert that pages is red here, one that opens a ticket amber. A test holds both
 * together, and the dashboard to the objectives of the alerts.
 */
enum Rule {
    POLLS_BEHIND("LivenessPollsBehind", AlertState.RED, Unit.COUNT, new Figure.Gauge("liveness.polls.behind"), 0),
    FINAL_POLLS_LATE(
            "LivenessFinalPollsLate", AlertState.RED, Unit.SECONDS, new Figure.Gauge("liveness.final.polls.late"), 5),
    LEASE_OVERDUE(
            "LivenessLeaseOverdue", AlertState.RED, Unit.SECONDS, new Figure.Gauge("liveness.lease.overdue"), 120),
    VENDOR_UNAVAILABLE(
            "LivenessVendorUnavailable",
            AlertState.RED,
            Unit.SHARE,
            new Figure.Share(
                    "liveness.vendor.calls",
                    5,
                    "call",
                    List.of("init", "result"),
                    Set.of("refused", "unknown", "no-answer"),
                    Set.of("accepted", "refused", "unknown", "final", "not-yet", "no-answer"),
                    5),
            0.5),
    VENDOR_ACCOUNT(
            "LivenessVendorAccount",
            AlertState.RED,
            Unit.COUNT,
            new Figure.Grown("liveness.vendor.calls", 10, "code", List.of("601", "602", "604", "607")),
            0),
    VENDOR_THROTTLES(
            "LivenessVendorThrottles",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.vendor.calls", 10, "code", List.of("606", "609")),
            5),
    OUTCOMES_UNKNOWN(
            "LivenessOutcomesUnknown",
            AlertState.RED,
            Unit.COUNT,
            new Figure.Grown("liveness.sessions.opened", 15, "outcome", List.of("unknown")),
            3),
    BUDGET_EXHAUSTED(
            "LivenessBudgetExhausted",
            AlertState.RED,
            Unit.SHARE,
            new Figure.Share(
                    "liveness.budget.calls",
                    5,
                    "purpose",
                    List.of("init"),
                    Set.of("refused"),
                    Set.of("granted", "refused"),
                    5),
            0.05),
    BOOKS_DIFFER("LivenessBooksDiffer", AlertState.RED, Unit.COUNT, new Figure.Gauge("liveness.books.differences"), 0),
    CLOSED_MONTH_DIFFERS(
            "LivenessClosedMonthDiffers",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Gauge("liveness.closed.months.differences"),
            0),
    WRITE_OFFS_HELD(
            "LivenessWriteOffsHeld", AlertState.AMBER, Unit.COUNT, new Figure.Gauge("liveness.write.offs.held"), 0),
    VERDICT_CONTRADICTED(
            "LivenessVerdictContradicted",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.sessions.contradicted", 60),
            0),
    BILLED_AGAINST_RULE(
            "LivenessBilledAgainstRule",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.verdicts.billed.against.rule", 60),
            0),
    EXPIRED_EARLY(
            "LivenessTokensExpiredEarly",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.tokens.expired.early", 60),
            3),
    PHOTOGRAPHS_REFUSED(
            "LivenessPhotographsRefused",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.faces.fetched", 60, "outcome", List.of("refused")),
            0),
    PHOTOGRAPHS_MISSING(
            "LivenessPhotographsRefused",
            AlertState.AMBER,
            Unit.COUNT,
            new Figure.Grown("liveness.verdicts.without.photograph", 60),
            0),
    FACES_OVERDUE(
            "LivenessFacesOverdue", AlertState.AMBER, Unit.SECONDS, new Figure.Gauge("liveness.faces.overdue"), 3_600),
    THINNING_OVERDUE(
            "LivenessThinningOverdue",
            AlertState.AMBER,
            Unit.SECONDS,
            new Figure.Gauge("liveness.thinning.overdue"),
            26 * 3_600),
    ERASURE_LATE(
            "LivenessErasureLate",
            AlertState.AMBER,
            Unit.SECONDS,
            new Figure.Gauge("liveness.erasures.oldest"),
            12_600),
    KEY_ROTATION_STOPPED(
            "LivenessKeyRotationStopped", AlertState.AMBER, Unit.SECONDS, new Figure.Gauge(Rule.OLD_KEY), 36 * 3_600),
    WEBHOOK_FAILING(
            "LivenessWebhookFailing",
            AlertState.AMBER,
            Unit.SECONDS,
            new Figure.Gauge("liveness.webhook.endpoint.failing"),
            3_600),
    WEBHOOKS_LATE(
            "LivenessWebhooksLate", AlertState.AMBER, Unit.SECONDS, new Figure.Gauge("liveness.webhook.late"), 60),
    CLOCK_SKEW("LivenessClockSkew", AlertState.RED, Unit.SECONDS, new Figure.Gauge(Rule.SKEW), 30),
    LISTENER_AWAY("LivenessListenerAway", AlertState.AMBER, Unit.COUNT, new Figure.Zero(Rule.LISTENING), 0),
    CONNECTIONS_TAKEN(
            "LivenessConnectionsTaken",
            AlertState.RED,
            Unit.SHARE,
            new Figure.Gauge("liveness.connections.share"),
            0.9),
    OLD_TRANSACTION(
            "LivenessOldTransaction",
            AlertState.AMBER,
            Unit.SECONDS,
            new Figure.Gauge("liveness.oldest.transaction"),
            1_800);

    /** How something is. The later one is the worse. */
    enum AlertState {
        GREEN,
        UNKNOWN,
        AMBER,
        RED
    }

    /** What a value is. */
    enum Unit {
        COUNT,
        SECONDS,
        SHARE
    }

    /** The time for which an encryption key is in use that nothing is written under: read from the database. */
    static final String OLD_KEY = "liveness.encryption.key.in.use";

    static final String SKEW = "liveness.clock.skew";
    static final String LISTENING = "liveness.signals.listening";

    final String alert;
    final Unit unit;
    final Figure figure;
    final double threshold;
    /** When the figure is above the threshold. */
    final AlertState state;

    Rule(String alert, AlertState state, Unit unit, Figure figure, double threshold) {
        this.alert = alert;
        this.state = state;
        this.unit = unit;
        this.figure = figure;
        this.threshold = threshold;
    }

    /** @param value not a number when it is not known */
    AlertState of(double value) {
        if (Double.isNaN(value)) {
            return AlertState.UNKNOWN;
        }
        return value > threshold ? state : AlertState.GREEN;
    }

    /** What is compared with a threshold; not a number when no replica knows it. */
    sealed interface Figure {

        String meter();

        double of(Figures all);

        /** The largest value of all replicas, without its sign. */
        record Gauge(String meter) implements Figure {

            @Override
            public double of(Figures all) {
                return all.values(meter).map(Math::abs).max().orElse(Double.NaN);
            }
        }

        /** The number of replicas at which a gauge is 0. */
        record Zero(String meter) implements Figure {

            @Override
            public double of(Figures all) {
                return all.values(meter).findAny().isEmpty()
                        ? Double.NaN
                        : all.values(meter).filter(value -> value == 0).count();
            }
        }

        /** The growth of a counter: of the values of a tag that one which grew most. */
        record Grown(String meter, int minutes, String tag, List<String> values) implements Figure {

            Grown(String meter, int minutes) {
                this(meter, minutes, "", List.of());
            }

            @Override
            public double of(Figures all) {
                if (!all.knows(meter)) {
                    return Double.NaN;
                }
                return values.isEmpty()
                        ? all.count(meter, minutes, tags -> true)
                        : values.stream()
                                .mapToDouble(value -> all.count(meter, minutes, tags -> value.equals(tags.get(tag))))
                                .max()
                                .orElseThrow();
            }
        }

        /**
         * The share of some outcomes in others, where it is the largest.
         *
         * @param least so many are too few to tell: the share is 0
         */
        record Share(
                String meter, int minutes, String by, List<String> groups, Set<String> some, Set<String> all, int least)
                implements Figure {

            @Override
            public double of(Figures figures) {
                if (!figures.knows(meter)) {
                    return Double.NaN;
                }
                return groups.stream()
                        .mapToDouble(group -> share(figures, group))
                        .max()
                        .orElseThrow();
            }

            private double share(Figures figures, String group) {
                double counted = count(figures, group, some);
                return counted > least ? counted / count(figures, group, all) : 0;
            }

            private double count(Figures figures, String group, Set<String> outcomes) {
                return figures.count(
                        meter, minutes, tags -> group.equals(tags.get(by)) && outcomes.contains(tags.get("outcome")));
            }
        }
    }
}
