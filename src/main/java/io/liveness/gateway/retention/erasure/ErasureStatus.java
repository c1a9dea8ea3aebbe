package io.liveness.gateway.retention.erasure;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How far an erasure is. */
@Schema(
        description =
                "How far the erasure is. RUNNING: sessions are being erased, or wait for their end. DONE: all of its sessions are erased.")
enum ErasureStatus {
    /** Sessions are being erased, or wait for their end. */
    RUNNING,
    /** All of its sessions are erased. */
    DONE
}
