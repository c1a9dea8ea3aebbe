/** Requests made from the contract: right ones, and ones that break one rule each. */
package io.liveness.gateway.testsupport.contract.requests;
