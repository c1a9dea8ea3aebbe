package plain;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** UUIDv7, as the gateway's, so that both write their indexes at the end. */
final class Ids {

    private Ids() {}

    static UUID next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
        return new UUID(high, random.nextLong() >>> 2 | Long.MIN_VALUE);
    }
}
