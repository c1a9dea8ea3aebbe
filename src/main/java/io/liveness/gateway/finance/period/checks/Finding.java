package io.liveness.gateway.finance.period.checks;

/**
 * What stands in the way of closing a month.
 *
 * @param code stable, in kebab case: programs branch on it
 * @param count of how many things it is
 * @param detail what to do about it, for people
 */
public record Finding(String code, long count, String detail) {}
