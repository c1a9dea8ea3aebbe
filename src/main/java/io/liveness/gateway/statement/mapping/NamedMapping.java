package io.liveness.gateway.statement.mapping;

/**
 * A mapping as it is at an import.
 *
 * @param definition as JSON, in one form for each mapping
 * @param hash SHA-256 of the definition
 */
public record NamedMapping(String name, Mapping mapping, String definition, byte[] hash) {}
