package io.liveness.gateway.finance.period.proof;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The canonical form of a month's rows, which {@code docs/finance.md} describes: a JSON object a line, its fields in a fixed order, without
 * blanks, UTF-8, each line ended by LF. It never changes: the hashes of closed months are of it.
 */
final class ProofText {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final JsonFactory JSON = new JsonFactory();
    private static final SerializedString NOTHING = new SerializedString("");
    private static final int BYTES_OF_A_LINE = 350;

    private ProofText() {}

    static byte[] of(List<ProofRow> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.size() * BYTES_OF_A_LINE);
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.setRootValueSeparator(NOTHING);
            for (ProofRow row : rows) {
                write(row, out);
                out.writeRaw('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(ProofRow row, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeNumberField("entry", row.entry());
        out.writeStringField("kind", row.kind().name());
        write("sessionId", row.session().map(UUID::toString), out);
        write("caller", row.caller(), out);
        write("costCentre", row.costCentre(), out);
        write("taskNo", row.taskNo(), out);
        out.writeStringField("basis", row.basis());
        out.writeStringField("amount", row.amount().decimal());
        out.writeStringField("currency", row.amount().currency());
        write("openedAt", row.opened().map(ProofText::time), out);
        out.writeStringField("recordedAt", time(row.recorded()));
        write("ofMonth", row.month(), out);
        out.writeEndObject();
    }

    private static void write(String field, Optional<String> text, JsonGenerator out) throws IOException {
        if (text.isPresent()) {
            out.writeStringField(field, text.get());
        }
    }

    private static String time(Instant moment) {
        return TIME.format(moment);
    }
}
