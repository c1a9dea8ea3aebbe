package io.liveness.gateway.testsupport.browser;

import java.util.List;

/** The imitated page of the vendor. */
public final class CapturePage {

    public static final String PATH = "/lifecheck/v2-1/check/capture.html";

    /** Polling could miss a prompt, so the page itself writes down what it shows. */
    private static final String REMEMBER = """
            const remember = (node, attribute, list) => new MutationObserver(() => {
              const value = node.hidden ? undefined : node.getAttribute(attribute);
              if (value && list.at(-1) !== value) list.push(value);
            }).observe(node, { attributes: true });
            window.shown = { prompts: [], colours: [] };
            remember(document.querySelector('[data-testid=prompt]'), 'data-action', window.shown.prompts);
            remember(document.querySelector('[data-testid=flash]'), 'data-colour', window.shown.colours);
            """;

    private static final String PLAYS = """
            const video = document.querySelector('[data-testid=camera-preview]');
            return video.videoWidth > 0 && !video.paused && video.currentTime > 0;
            """;

    private final Browser browser;

    CapturePage(Browser browser) {
        this.browser = browser;
        browser.awaitPage(PATH);
    }

    public String title() {
        return browser.text("page-title");
    }

    public String token() {
        return browser.address().replaceFirst(".*[?&]token=", "");
    }

    /** The movements announced, by their names in the vendor's document. */
    public List<String> plan() {
        return browser.findAll("plan", "li").stream()
                .map(step -> step.getDomAttribute("data-t").substring("action.".length()))
                .toList();
    }

    public CapturePage start() {
        browser.run(REMEMBER);
        browser.click("start-check");
        return this;
    }

    public boolean cameraPlays() {
        browser.until("the camera plays", () -> Boolean.TRUE.equals(browser.run(PLAYS)));
        return true;
    }

    public CapturePage awaitVerdicts() {
        browser.awaitShown("verdict-passed");
        return this;
    }

    @SuppressWarnings("unchecked")
    public List<String> prompts() {
        return (List<String>) browser.run("return window.shown.prompts");
    }

    @SuppressWarnings("unchecked")
    public List<String> flashColours() {
        return (List<String>) browser.run("return window.shown.colours");
    }

    /** Finishes by the shortest way that a person has. */
    public ReturnPage finish(String verdict) {
        start().awaitVerdicts().choose(verdict);
        return new ReturnPage(browser);
    }

    public void choose(String verdict) {
        browser.click("verdict-" + verdict);
    }
}
