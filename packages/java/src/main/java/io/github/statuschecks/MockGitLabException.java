package io.github.statuschecks;

/** The mock could not be started, or it refused what was asked. */
public final class MockGitLabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MockGitLabException(String message) {
        super(message);
    }
}
