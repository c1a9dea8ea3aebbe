/** Tests of the files that images are made of. */
package io.liveness.gateway.images;
