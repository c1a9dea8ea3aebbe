/** The manifests of {@code k8s/}: rendered by kubectl, read strictly, and checked by rules beyond their schemas. */
package io.liveness.gateway.kubernetes;
