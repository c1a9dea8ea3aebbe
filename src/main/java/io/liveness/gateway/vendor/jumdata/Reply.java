package io.liveness.gateway.vendor.jumdata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.liveness.gateway.vendor.BillingFlag;
import java.util.Optional;
import java.util.regex.Pattern;

/** What came back from one call to the vendor. */
sealed interface Reply {

    /**
     * The vendor's JSON, whatever HTTP status and content type it came with. Token and addresses are as they were sent: they
     * may be blank or no address at all.
     */
    record Answer(
            int code,
            String message,
            BillingFlag charge,
            Optional<String> taskNo,
            Optional<String> token,
            Optional<String> checkUrl,
            Optional<String> faceImageUrl)
            implements Reply {

        /** Without token and addresses. */
        @Override
        public String toString() {
            return "Answer[code=" + code + ", charge=" + charge + ", taskNo=" + taskNo + "]";
        }
    }

    /**
     * No answer of the vendor's.
     *
     * @param neverSent not one byte of the request left, and none will: {@link Exchange.Attempt} holds the proof
     * @param reason for people, without anything that came back
     */
    record None(boolean neverSent, String reason) implements Reply {}

    None NEVER_CONNECTED = new None(true, "no connection to the vendor could be made");

    /** It failed when the request may have been under way. */
    None LOST = new None(false, "the call broke off before its answer was complete");

    /** The request was sent and its answer did not come in time. */
    None TIMED_OUT = new None(false, "the vendor did not answer in time");

    /** Something answered, but not with the vendor's JSON. */
    static None foreign(int httpStatus) {
        return new None(false, "the answer was not the vendor's JSON (HTTP status " + httpStatus + ")");
    }

    /**
     * Reads the vendor's JSON: lenient in general, strict about fields that a fee depends on. It uses a separate mapper, because the API's
     * mapper refuses unknown fields.
     */
    final class Reader {

        private static final ObjectMapper JSON = JsonMapper.builder()
                // The vendor's own samples of 201, 202 and 203 have a comma behind the last field.
                .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();

        private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,9}");
        private static final String BYTE_ORDER_MARK = "\uFEFF";

        private Reader() {}

        /** Empty when this is not the vendor's JSON. */
        static Optional<Answer> read(byte[] body) {
            // Decoded here and not by the parser, so that a broken byte in a text costs a character and not a paid
            // token.
            String text = new String(body, UTF_8);
            try {
                JsonNode root = JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
                return root.isObject() ? answer(root) : Optional.empty();
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        }

        private static Optional<Answer> answer(JsonNode root) {
            JsonNode data = root.path("data");
            return code(root.path("code"))
                    .map(code -> new Answer(
                            code,
                            text(root.path("msg"))
                                    .or(() -> text(root.path("message")))
                                    .orElse(""),
                            charge(root.path("charge")),
                            text(root.path("taskNo")),
                            string(data.path("token")),
                            string(data.path("checkUrl")),
                            string(data.path("faceImageUrl"))));
        }

        private static Optional<Integer> code(JsonNode node) {
            return Optional.of(node)
                    .filter(code -> code.isIntegralNumber() || code.isTextual())
                    .map(JsonNode::asText)
                    .filter(code -> WHOLE_NUMBER.matcher(code).matches())
                    .map(Integer::valueOf);
        }

        private static BillingFlag charge(JsonNode node) {
            if (node.isMissingNode() || node.isNull()) {
                return BillingFlag.ABSENT;
            }
            return switch (node.asText()) {
                case "true" -> BillingFlag.BILLED;
                case "false" -> BillingFlag.NOT_BILLED;
                default -> BillingFlag.UNCLEAR;
            };
        }

        private static Optional<String> text(JsonNode node) {
            return Optional.of(node)
                    .filter(JsonNode::isValueNode)
                    .filter(value -> !value.isNull())
                    .map(JsonNode::asText)
                    .filter(text -> !text.isBlank());
        }

        private static Optional<String> string(JsonNode node) {
            return text(node).filter(text -> node.isTextual());
        }
    }
}
