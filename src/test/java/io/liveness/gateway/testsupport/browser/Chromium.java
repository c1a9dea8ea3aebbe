package io.liveness.gateway.testsupport.browser;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;

/** Starts the installed Chromium; its driver makes a fresh profile for each and removes it at the end. */
public final class Chromium {

    private static final int DENIED = 2;

    private Chromium() {}

    /** Each page that asks gets the camera, which shows a moving test picture. */
    public static ChromeDriver withCamera() {
        return start(options().addArguments("--use-fake-ui-for-media-stream"));
    }

    /** The camera is there, and the person has said no. */
    public static ChromeDriver refusingCamera() {
        return start(options()
                .setExperimentalOption(
                        "prefs", Map.of("profile.default_content_setting_values.media_stream_camera", DENIED)));
    }

    private static ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(installed("test.chromium", "/usr/bin/chromium"));
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--use-fake-device-for-media-stream",
                "--lang=en",
                "--window-size=1280,900");
        options.setCapability(ChromeOptions.LOGGING_PREFS, Map.of(LogType.BROWSER, "WARNING"));
        return options;
    }

    private static ChromeDriver start(ChromeOptions options) {
        // Selenium looks for no driver and downloads none when it is given the driver's path.
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(installed("test.chromedriver", "/usr/bin/chromedriver"))
                .usingAnyFreePort()
                .build();
        return new ChromeDriver(service, options);
    }

    private static File installed(String property, String usual) {
        Path path = Path.of(System.getProperty(property, usual));
        if (!Files.isExecutable(path)) {
            throw new AssertionError("The browser tests need " + path
                    + ", which is not there: apt-get install chromium chromium-driver, or say where it is with -D"
                    + property + "=<path>");
        }
        return path.toFile();
    }
}
