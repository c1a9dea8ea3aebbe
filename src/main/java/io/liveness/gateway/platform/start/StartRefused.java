package io.liveness.gateway.platform.start;

/** What stops a start and is no fault of the program: each line of the message is a sentence for the operator. */
public class StartRefused extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public StartRefused(String sentences) {
        super(sentences);
    }
}
