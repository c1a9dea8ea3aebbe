/** What the checks do: how many are finished, how many pass, how long it takes, and what a passed one costs. */
package io.liveness.gateway.insight;
