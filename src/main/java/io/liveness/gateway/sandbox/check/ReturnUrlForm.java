package io.liveness.gateway.sandbox.check;

import java.util.regex.Pattern;

/** The forms of returnUrl as the vendor's document lists them (returnUrl前缀说明). */
final class ReturnUrlForm {

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
