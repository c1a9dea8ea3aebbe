/** Clock, problem+json, request id, security, encryption, paging: nothing of the business. */
package io.liveness.gateway.platform;
