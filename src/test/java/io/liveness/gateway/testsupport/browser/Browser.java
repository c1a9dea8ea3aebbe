package io.liveness.gateway.testsupport.browser;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** One browser with one tab, and what every page of the sandbox has. As an extension of a test class it runs for all of its tests. */
public final class Browser implements AutoCloseable, BeforeAllCallback, AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Supplier<ChromeDriver> chromium;
    private ChromeDriver driver;

    /** @param chromium how it is launched, see {@link Chromium} */
    public Browser(Supplier<ChromeDriver> chromium) {
        this.chromium = chromium;
    }

    public Browser launch() {
        driver = chromium.get();
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext tests) {
        launch();
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        close();
    }

    /** The start page in a new tab, which has no history, for a new caller. */
    public StartPage start(URL gateway, String caller) {
        String old = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        String fresh = driver.getWindowHandle();
        driver.switchTo().window(old).close();
        driver.switchTo().window(fresh);
        driver.get(gateway.toString());
        return new StartPage(this).as(caller);
    }

    /** Finds by the hook that the pages keep for tests. */
    public WebElement find(String testId) {
        return driver.findElement(hook(testId));
    }

    public List<WebElement> findAll(String testId, String within) {
        return driver.findElements(By.cssSelector("[data-testid=" + testId + "] " + within));
    }

    public void click(String testId) {
        until(
                testId + " can be pressed",
                () -> find(testId).isDisplayed() && find(testId).isEnabled());
        find(testId).click();
    }

    public String text(String testId) {
        return find(testId).getText();
    }

    public boolean shows(String testId) {
        return driver.findElements(hook(testId)).stream().anyMatch(WebElement::isDisplayed);
    }

    public void awaitShown(String testId) {
        until(testId + " is shown", () -> shows(testId));
    }

    public void awaitPage(String path) {
        until(
                path + " is ready",
                () -> Boolean.TRUE.equals(run(
                        "return location.pathname === arguments[0] && document.body?.dataset.ready === 'true'", path)));
    }

    public void until(String what, Supplier<Boolean> condition) {
        new WebDriverWait(driver, PATIENCE, LOOK_EVERY)
                .ignoring(NoSuchElementException.class, StaleElementReferenceException.class)
                .withMessage(what)
                .until(page -> condition.get());
    }

    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What the page sees as the colours of the system: light or dark. */
    public void systemColours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    public void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    public void open(String address) {
        driver.get(address);
    }

    public void type(String css, String text) {
        WebElement field = driver.findElement(By.cssSelector(css));
        field.clear();
        field.sendKeys(text);
    }

    /** The click waits until nothing is in front of the element: a page that still grows moves it. */
    public void press(String css) {
        new WebDriverWait(driver, PATIENCE, LOOK_EVERY)
                .ignoring(ElementClickInterceptedException.class)
                .until(page -> {
                    page.findElement(By.cssSelector(css)).click();
                    return true;
                });
    }

    /** What is chosen in a field for files, or dropped on it. */
    public void upload(String css, Path file) {
        driver.findElement(By.cssSelector(css)).sendKeys(file.toAbsolutePath().toString());
    }

    /** Files that pages save from now on go to a folder. */
    public void saveTo(Path folder) {
        driver.executeCdpCommand(
                "Browser.setDownloadBehavior",
                Map.of(
                        "behavior",
                        "allow",
                        "downloadPath",
                        folder.toAbsolutePath().toString()));
    }

    /** Pressed where the focus is. */
    public void keys(CharSequence... keys) {
        for (CharSequence key : keys) {
            driver.switchTo().activeElement().sendKeys(key);
        }
    }

    /** Moves to what has the focus next. A field for files would take the key for the name of one. */
    public void tab() {
        new Actions(driver).sendKeys(Keys.TAB).perform();
    }

    /** The text of what has the focus. */
    public String focused() {
        return driver.switchTo().activeElement().getText();
    }

    public boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    /** Waits for a window that the page has opened, and works there. */
    public void inSecondWindow(Runnable work) {
        String first = driver.getWindowHandle();
        until("a second window", () -> driver.getWindowHandles().size() == 2);
        driver.getWindowHandles().stream()
                .filter(window -> !window.equals(first))
                .forEach(driver.switchTo()::window);
        work.run();
        driver.switchTo().window(first);
    }

    public Set<Cookie> cookies() {
        return driver.manage().getCookies();
    }

    /** Forgets the cookies of this site and all others. */
    public void forgetCookies() {
        driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    }

    /** What breaks the rules of axe-core, whose script is given; of all rules, where none are named. */
    @SuppressWarnings("unchecked")
    List<String> violations(String axe, List<String> rules) {
        if (!(Boolean) run("return 'axe' in window")) {
            run(axe);
        }
        return (List<String>) driver.executeAsyncScript("""
                const [rules, done] = arguments;
                axe.run({ resultTypes: ['violations'], ...(rules.length && { runOnly: rules }) }).then((result) => done(result.violations.flatMap((violation) =>
                    violation.nodes.map((node) => violation.id + ': ' + node.html + ' ' + node.failureSummary))));""", rules);
    }

    public String address() {
        return driver.getCurrentUrl();
    }

    public String title() {
        return driver.getTitle();
    }

    public long historyLength() {
        return (Long) run("return history.length");
    }

    public void back() {
        driver.navigate().back();
    }

    /** What the pages complained about since the last call. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Keeps a picture for people in target/browser; packed quickly rather than small. */
    public void picture(String name) {
        Object picture = driver.executeCdpCommand(
                        "Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", true))
                .get("data");
        try {
            Path folder = Files.createDirectories(Path.of("target", "browser"));
            Files.write(folder.resolve(name + ".png"), Base64.getDecoder().decode((String) picture));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Takes a picture of the whole page, up to 4,000 pixels high. */
    void wholePicture(String name, int width) {
        run("scrollTo(0, 0)");
        resize(width, Math.toIntExact((Long) run("return Math.min(document.documentElement.scrollHeight, 4000)")));
        picture(name);
    }

    /** Changes colours and width, also of the page that is shown, and waits until that is drawn. */
    void look(String colours, int width) {
        systemColours(colours);
        resize(width, 900);
        driver.executeAsyncScript(
                "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
    }

    /** The next page loads everything anew. */
    void forgetFiles() {
        driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static By hook(String testId) {
        return By.cssSelector("[data-testid=" + testId + "]");
    }
}
