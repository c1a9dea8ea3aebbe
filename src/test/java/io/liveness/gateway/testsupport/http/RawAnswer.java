package io.liveness.gateway.testsupport.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer as it came over the wire.
 *
 * @param headers by name, whatever its case
 */
public record RawAnswer(int status, Map<String, List<String>> headers, String body) {

    /** @throws EOFException when the connection was closed without an answer */
    static RawAnswer read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        int status = Integer.parseInt(first[1]);
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                    .add(line.substring(colon + 1).strip());
        }
        return new RawAnswer(status, headers, new String(body(in, status, headers), StandardCharsets.UTF_8));
    }

    private static byte[] body(InputStream in, int status, Map<String, List<String>> headers) throws IOException {
        if (headers.containsKey("Content-Length")) {
            return in.readNBytes(Integer.parseInt(headers.get("Content-Length").get(0)));
        }
        if (headers.containsKey("Transfer-Encoding")) {
            return chunks(in);
        }
        return status == 204 || status == 304 ? new byte[0] : in.readAllBytes();
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection was closed after: " + line);
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** The first value of a header; null when there is none. */
    public String header(String name) {
        List<String> values = headers.get(name);
        return values == null ? null : values.get(0);
    }
}
