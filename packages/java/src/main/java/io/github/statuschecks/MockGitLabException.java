package io.github.statuschecks;

/** The mock could not be started, refused what was asked, or does not answer. */
public final class MockGitLabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MockGitLabException(String message) {
        super(message);
    }

    MockGitLabException(String message, Throwable cause) {
        super(message, cause);
    }
}
