package io.liveness.gateway.vendor;

import java.util.List;
import java.util.Optional;

/**
 * What a check is opened with: the business parameters of the vendor's init.
 *
 * @param actions the sequence of actions; empty unless the style is {@link ActionStyle#CUSTOM}
 * @param actionMutex stop at once when another action than the one asked for is made
 * @param antiCameraHack detect a hijacked camera by flashing the screen
 * @param title heading of the vendor's page, at most 32 code points
 */
public record InitParameters(
        ReturnUrl returnUrl,
        ActionStyle actionStyle,
        List<Action> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        Optional<String> title) {

    public InitParameters {
        actions = List.copyOf(actions);
    }
}
