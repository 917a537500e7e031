package dev.claviger.demoprovider;

/** The journey did not go as it must; the message says where. */
public final class CheckFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CheckFailed(String message) {
        super(message);
    }
}
