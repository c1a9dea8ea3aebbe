package io.liveness.gateway.platform.start;

/**
 * A bean that is made before the first connection to the database. Its constructor throws {@link IllegalArgumentException}, with a
 * sentence on each line that names the property, when a value does not fit others. The sentences of all rules are told together.
 */
public interface ConfigurationRule {}
