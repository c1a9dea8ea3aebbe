package plain;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Opens and reads sessions as a conventional service would: MVC on virtual threads, JPA, bearer tokens. It stores what the gateway
 * stores, in the same tables. It has no budget of the vendor's calls and no limits, and keeps its connections to the vendor.
 */
@SpringBootApplication
public class PlainService {

    /** @param arguments Spring's settings */
    public static void main(String[] arguments) {
        SpringApplication.run(PlainService.class, arguments);
    }
}
