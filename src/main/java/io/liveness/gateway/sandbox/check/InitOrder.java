package io.liveness.gateway.sandbox.check;

import io.liveness.gateway.sandbox.scenario.Scenario;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The business parameters of init (vendor document, 活体检测初始化). */
public record InitOrder(
        String returnUrl,
        int actionStyle,
        List<String> actions,
        boolean actionMutex,
        boolean antiCameraHack,
        Optional<String> title) {

    private static final int TITLE_CHARACTERS = 32;
    private static final int RETURN_URL_CHARACTERS = 256;

    /** @throws WrongParameter when init is to be answered 400 */
    public static InitOrder read(Form form) {
        String returnUrl = form.required("returnUrl");
        WrongParameter.unless(
                characters(returnUrl) <= RETURN_URL_CHARACTERS && ReturnUrlForm.fits(returnUrl),
                "returnUrl is too long or has no known form");
        Optional<String> title = form.optional("title");
        WrongParameter.unless(characters(title.orElse("")) <= TITLE_CHARACTERS, "title is too long");
        int style = form.number("actionStyle", ActionDraw.HEAD_AND_FACE);
        WrongParameter.unless(ActionDraw.STYLES.contains(style), "actionStyle is unknown");
        return new InitOrder(
                returnUrl,
                style,
                style == ActionDraw.CUSTOM ? actions(form) : List.of(),
                form.flag("actionMutex", true),
                form.flag("antiCameraHack", true),
                title);
    }

    public Scenario scenario() {
        return Scenario.of(title.orElse(""));
    }

    /** The document does not state the separator; a comma is the usual one. */
    private static List<String> actions(Form form) {
        List<String> actions = List.of(form.required("actions").split(",", -1));
        WrongParameter.unless(Set.copyOf(ActionDraw.ALL).containsAll(actions), "actions has an unknown name");
        return actions;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The forms of returnUrl as the vendor's document lists them (returnUrl前缀说明). */
    static final class ReturnUrlForm {

        private static final Pattern FORMS = Pattern.compile("https?://\\S+"
                // the document's sample has a space after this one
                + "|replace: ?https?://\\S+"
                + "|wx\\.redirect:\\S+"
                + "|wx\\.history"
                + "|app:\\S+"
                + "|scheme:\\S+");

        private ReturnUrlForm() {}

        static boolean fits(String returnUrl) {
            return FORMS.matcher(returnUrl).matches();
        }
    }
}
