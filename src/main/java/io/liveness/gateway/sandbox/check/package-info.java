/** A check at the sandbox: its order, its scenario, its verdict and its fee. */
package io.liveness.gateway.sandbox.check;
