/** The contract openapi/liveness-gateway.yaml as a judge of real requests and answers. */
package io.liveness.gateway.testsupport.contract;
