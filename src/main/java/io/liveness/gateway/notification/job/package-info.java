/** Work on many deliveries, done in steps on any replica: replays, what a resume and a deletion leave to do, and the end of retention. */
package io.liveness.gateway.notification.job;
