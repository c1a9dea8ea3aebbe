/** The manifests of {@code k8s/}: rendered by kubectl, read strictly, and held against what no schema knows. */
package io.liveness.gateway.kubernetes;
