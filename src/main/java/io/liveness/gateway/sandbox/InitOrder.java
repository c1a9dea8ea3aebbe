package io.liveness.gateway.sandbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The business parameters of init (vendor document, 活体检测初始化, actionStyle参数说明 and actions参数说明). */
record InitOrder(
        String returnUrl,
        int actionStyle,
        List<String> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        Optional<String> title) {

    private static final int HEAD_AND_FACE = 1;
    private static final int FACE = 2;
    private static final int CUSTOM = 3;
    private static final int SILENT = -1;

    private static final List<String> HEAD_ACTIONS = List.of("ShakeHead", "NodHead", "LookLeft", "LookRight");
    private static final List<String> FACE_ACTIONS = List.of("BlinkEye", "OpenMouth");
    private static final List<String> ACTIONS =
            Stream.concat(HEAD_ACTIONS.stream(), FACE_ACTIONS.stream()).toList();

    private static final int TITLE_CHARACTERS = 32;
    private static final int RETURN_URL_CHARACTERS = 256;

    /** The forms of returnUrl as the vendor's document lists them (returnUrl前缀说明). */
    private static final Pattern RETURN_URL = Pattern.compile("https?://\\S+"
            // the document's sample has a space after this one
            + "|replace: ?https?://\\S+"
            + "|wx\\.redirect:\\S+"
            + "|wx\\.history"
            + "|app:\\S+"
            + "|scheme:\\S+");

    /** @throws VendorRequest.WrongParameter when init is to be answered 400 */
    static InitOrder read(VendorRequest request) {
        String returnUrl = request.required("returnUrl");
        VendorRequest.require(
                characters(returnUrl) <= RETURN_URL_CHARACTERS
                        && RETURN_URL.matcher(returnUrl).matches(),
                "returnUrl is too long or has no known form");
        Optional<String> title = request.optional("title");
        VendorRequest.require(characters(title.orElse("")) <= TITLE_CHARACTERS, "title is too long");
        int style = request.number("actionStyle", HEAD_AND_FACE);
        VendorRequest.require(Set.of(HEAD_AND_FACE, FACE, CUSTOM, SILENT).contains(style), "actionStyle is unknown");
        return new InitOrder(
                returnUrl,
                style,
                style == CUSTOM ? actions(request) : List.of(),
                request.flag("actionMutex", true),
                request.flag("antiCameraHack", true),
                title);
    }

    /** The document does not state the separator; a comma is the usual one. */
    private static List<String> actions(VendorRequest request) {
        List<String> actions = List.of(request.required("actions").split(",", -1));
        VendorRequest.require(Set.copyOf(ACTIONS).containsAll(actions), "actions has an unknown name");
        return actions;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    Scenario scenario() {
        return Scenario.of(title.orElse(""));
    }

    /** The movements that the check asks for. */
    List<String> drawActions(RandomGenerator random) {
        return switch (actionStyle) {
            case HEAD_AND_FACE -> {
                String head = one(HEAD_ACTIONS, random);
                String face = one(FACE_ACTIONS, random);
                yield random.nextBoolean() ? List.of(head, face) : List.of(face, head);
            }
            case FACE -> List.of(one(FACE_ACTIONS, random));
            case CUSTOM -> actions;
            default -> List.of();
        };
    }

    private static String one(List<String> actions, RandomGenerator random) {
        return actions.get(random.nextInt(actions.size()));
    }
}
