package io.liveness.gateway.finance.period.checks;

/**
 * A reason against closing a month.
 *
 * @param code stable, in kebab case: programs branch on it
 * @param count the number of objects it concerns
 * @param detail what to do about it, for people
 */
public record Finding(String code, long count, String detail) {}
