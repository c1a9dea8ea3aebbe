package io.liveness.gateway.platform.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.VertxHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Decodes requests, each once its head is complete: until then the bytes of a head are all that it takes. The decoder beneath would keep
 * some 150 bytes for each line of four.
 */
class RequestHeads extends VertxHttpRequestDecoder {

    /** A connection is closed that does not send what it has begun within this time, or begins nothing after it was accepted. */
    static final Duration WITHIN = Duration.ofSeconds(10);

    private static final int MOST_LINES = 200;
    /** A body is passed on in pieces of so many bytes at least: who reads it keeps some hundred more for each. */
    private static final int PIECE = 2_048;

    private static final AttributeKey<Boolean> TOO_LONG = AttributeKey.valueOf("liveness.head.too-long");

    private final Connections connections;
    private final int longest;
    private Future<?> deadline;

    /** Whether the head of a request has been decoded, and its end not yet. */
    private boolean isWithinRequest;
    /** How many requests have no answer yet: a caller may send the next one before. */
    private int underWay;

    private boolean isRefused;
    /** Whether reading was stopped after a head, until somebody takes the body up ({@link BodyLimit#takeUp}). */
    private boolean isHeldBack;

    // The state of an incomplete head: whether any byte came, how many bytes were looked at, where the last line
    // begins, and how many lines are before it.
    private boolean hasBegun;
    private int seen;
    private int line;
    private int lines;

    /** What came of a body since its last piece was passed on: small pieces go on together. */
    private ByteBuf held;

    RequestHeads(HttpServerOptions options, Connections connections) {
        super(options);
        this.connections = connections;
        this.longest = options.getMaxInitialLineLength() + options.getMaxHeaderSize() + 2 * MOST_LINES;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        closeUnlessMoreComes(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (isRefused) {
            in.skipBytes(in.readableBytes());
        } else if (isWithinRequest) {
            body(context, in, out);
        } else {
            head(context, in, out);
        }
    }

    private void head(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (seen == 0) {
            skipEmptyLines(in);
        }
        boolean isComplete = isComplete(in);
        if (lines > MOST_LINES || !isComplete && seen > longest) {
            refuse(context, in, out);
        } else if (isComplete) {
            decodeComplete(context, in, out);
        } else if (!hasBegun && in.isReadable()) {
            hasBegun = true;
            if (underWay == 0) {
                closeUnlessMoreComes(context);
            }
        }
    }

    private void decodeComplete(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        super.decode(context, in, out);
        if (out.isEmpty()) {
            // A message that gives nothing was skipped, so what follows is a head again.
            lookAnew();
        } else if (((HttpObject) out.get(0)).decoderResult().cause() instanceof TooLongFrameException) {
            refuse(context, in, out);
        } else {
            begin(context);
            lookAnew();
            seeEnd(context, out);
            if (isWithinRequest && HttpUtil.isTransferEncodingChunked((HttpMessage) out.get(0))) {
                wholeChunked(context, in, out);
            }
            if (isWithinRequest) {
                isHeldBack = true;
                setReading(context, false);
            }
        }
    }

    /** A body in chunks that came whole with its head is passed on as one of known length, so that it counts with no more. */
    private void wholeChunked(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        HttpMessage head = (HttpMessage) out.get(0);
        for (int before = -1; isWithinRequest && before != in.readableBytes() && in.isReadable(); ) {
            before = in.readableBytes();
            body(context, in, out);
        }
        if (!isWithinRequest
                && ((HttpObject) out.get(out.size() - 1)).decoderResult().isSuccess()) {
            HttpUtil.setTransferEncodingChunked(head, false);
            HttpUtil.setContentLength(
                    head,
                    out.stream()
                            .skip(1)
                            .mapToInt(piece -> ((HttpContent) piece).content().readableBytes())
                            .sum());
        }
    }

    /** The decoder beneath keeps an entry for each line of a trailer, so it sees only as many as a head may have. */
    private void body(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        int received = in.writerIndex();
        int from = in.readerIndex();
        List<Object> decoded = new ArrayList<>(2);
        in.writerIndex(endOfLines(in, MOST_LINES + 1 - lines));
        super.decode(context, in, decoded);
        in.writerIndex(received);
        if (decoded.isEmpty()) {
            lines += linesBetween(in, from, in.readerIndex());
        } else {
            lines = 0;
        }
        if (lines > MOST_LINES) {
            isRefused = true;
            in.skipBytes(in.readableBytes());
            out.forEach(ReferenceCountUtil::release);
            out.clear();
            context.close();
            return;
        }
        decoded.forEach(part -> pass((HttpContent) part, out));
        seeEnd(context, out);
    }

    private static int endOfLines(ByteBuf in, int count) {
        int end = in.readerIndex() - 1;
        for (int n = 0; n < count; n++) {
            end = in.indexOf(end + 1, in.writerIndex(), (byte) '\n');
            if (end < 0) {
                return in.writerIndex();
            }
        }
        return end + 1;
    }

    private static int linesBetween(ByteBuf in, int from, int to) {
        int count = 0;
        for (int end = in.indexOf(from, to, (byte) '\n'); end >= 0; end = in.indexOf(end + 1, to, (byte) '\n')) {
            count++;
        }
        return count;
    }

    private void pass(HttpContent part, List<Object> out) {
        boolean isLast = part instanceof LastHttpContent;
        boolean isHeld = !isLast && (held != null || part.content().readableBytes() < PIECE);
        if (isHeld) {
            held = (held == null ? Unpooled.buffer() : held).writeBytes(part.content());
            part.release();
        }
        if (held != null && (isLast || held.readableBytes() >= PIECE)) {
            out.add(new DefaultHttpContent(held));
            held = null;
        }
        if (!isHeld) {
            out.add(part);
        }
    }

    private void lookAnew() {
        seen = 0;
        line = 0;
        lines = 0;
    }

    /** Skips empty lines before a request, as the decoder beneath does. */
    private static void skipEmptyLines(ByteBuf in) {
        while (in.isReadable() && Character.isWhitespace(in.getByte(in.readerIndex()))) {
            in.skipBytes(1);
        }
    }

    /** Whether the empty line has come; it looks at each byte once. */
    private boolean isComplete(ByteBuf in) {
        int start = in.readerIndex();
        int from = start + seen;
        seen = in.readableBytes();
        for (int end = in.indexOf(from, in.writerIndex(), (byte) '\n');
                end >= 0;
                end = in.indexOf(end + 1, in.writerIndex(), (byte) '\n')) {
            int length = end - start - line;
            if (length == 0 || length == 1 && in.getByte(end - 1) == '\r') {
                return true;
            }
            line = end + 1 - start;
            lines++;
        }
        return false;
    }

    private void begin(ChannelHandlerContext context) {
        stopWaiting();
        isWithinRequest = true;
        underWay++;
        connections.works(context.channel());
    }

    private void seeEnd(ChannelHandlerContext context, List<Object> out) {
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
            isWithinRequest = false;
            hasBegun = false;
            lookAnew();
            stopWaiting();
            readOn(context);
        }
    }

    private void readOn(ChannelHandlerContext context) {
        if (isHeldBack) {
            isHeldBack = false;
            setReading(context, true);
        }
    }

    /** The connection stops the reading: it keeps for itself whether it reads, and would not stop again otherwise. */
    void setReading(ChannelHandlerContext context, boolean reads) {
        ConnectionBase connection = context.pipeline().get(VertxHandler.class).getConnection();
        if (reads) {
            connection.doResume();
        } else {
            connection.doPause();
        }
    }

    /** Leaves a request for {@link HeaderLimit} to answer, which does not end, and reads nothing more but to discard it. */
    private void refuse(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        isRefused = true;
        in.skipBytes(in.readableBytes());
        out.clear();
        HttpMessage rest = createMessage(new String[] {"GET", "/", "HTTP/1.1"});
        rest.headers().set(HttpHeaderNames.HOST, "localhost").set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        out.add(rest);
        context.channel().attr(TOO_LONG).set(true);
        begin(context);
    }

    static boolean isTooLong(HttpServerRequest request) {
        return ((ConnectionBase) request.connection()).channel().hasAttr(TOO_LONG);
    }

    private void answered(ChannelHandlerContext context) {
        underWay--;
        if (underWay > 0) {
            return;
        }
        connections.rests(context.channel());
        if (isWithinRequest) {
            readOn(context);
        }
        if (isWithinRequest || hasBegun) {
            closeUnlessMoreComes(context);
        }
    }

    private void closeUnlessMoreComes(ChannelHandlerContext context) {
        stopWaiting();
        deadline = context.executor().schedule(() -> context.close(), WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopWaiting() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        stopWaiting();
    }

    /** Sees the ends of answers, where they are not encoded yet. */
    class Answers extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext context, Object part, ChannelPromise written) {
            context.write(part, written);
            if (part instanceof LastHttpContent && !isInformational(part)) {
                answered(context);
            }
        }

        private static boolean isInformational(Object part) {
            return part instanceof HttpResponse answer && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        }
    }
}
