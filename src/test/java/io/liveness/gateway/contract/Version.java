package io.liveness.gateway.contract;

import java.util.Comparator;

/** The version of a contract: a breaking change raises the first number, any other visible change the second. */
record Version(int major, int minor, int patch) implements Comparable<Version> {

    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::patch);

    static Version parse(String text) {
        if (!text.matches("\\d{1,5}\\.\\d{1,5}\\.\\d{1,5}")) {
            throw new IllegalArgumentException("a version is three numbers, as in 1.2.3: " + text);
        }
        String[] numbers = text.split("\\.");
        return new Version(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), Integer.parseInt(numbers[2]));
    }

    Version nextMajor() {
        return new Version(major + 1, 0, 0);
    }

    Version nextMinor() {
        return new Version(major, minor + 1, 0);
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
