package io.liveness.gateway.sandbox.check;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Which movements a check asks for (vendor document, actionStyle参数说明 and actions参数说明). */
public final class ActionDraw {

    public static final int HEAD_AND_FACE = 1;
    public static final int FACE = 2;
    static final int CUSTOM = 3;
    public static final int SILENT = -1;
    static final Set<Integer> STYLES = Set.of(HEAD_AND_FACE, FACE, CUSTOM, SILENT);

    public static final List<String> HEAD_ACTIONS = List.of("ShakeHead", "NodHead", "LookLeft", "LookRight");
    public static final List<String> FACE_ACTIONS = List.of("BlinkEye", "OpenMouth");
    static final List<String> ALL =
            Stream.concat(HEAD_ACTIONS.stream(), FACE_ACTIONS.stream()).toList();

    private ActionDraw() {}

    public static List<String> draw(InitOrder order, RandomGenerator random) {
        return switch (order.actionStyle()) {
            case HEAD_AND_FACE -> headAndFace(random);
            case FACE -> List.of(one(FACE_ACTIONS, random));
            case CUSTOM -> order.actions();
            default -> List.of();
        };
    }

    private static List<String> headAndFace(RandomGenerator random) {
        String head = one(HEAD_ACTIONS, random);
        String face = one(FACE_ACTIONS, random);
        return random.nextBoolean() ? List.of(head, face) : List.of(face, head);
    }

    private static String one(List<String> actions, RandomGenerator random) {
        return actions.get(random.nextInt(actions.size()));
    }
}
