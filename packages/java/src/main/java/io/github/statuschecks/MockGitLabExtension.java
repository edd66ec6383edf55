package io.github.statuschecks;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts a mock for each test method that takes one, and stops it after the test. */
public final class MockGitLabExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(MockGitLabExtension.class);

    /** The mock of a constructor is that of the test. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == MockGitLab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, k -> new Running(start(context)), Running.class)
                .mock;
    }

    private static MockGitLab start(ExtensionContext context) {
        MockGitLab.Builder builder = MockGitLab.builder();
        annotation(context)
                .ifPresent(how -> {
                    if (!how.version().isEmpty()) {
                        builder.version(how.version());
                    }
                    if (!how.seed().isEmpty()) {
                        builder.seed(how.seed());
                    }
                    builder.flags(how.flags());
                });
        return builder.start();
    }

    /** What stands nearest: at the method, at its class, or at a class around that. */
    private static Optional<WithMockGitLab> annotation(ExtensionContext context) {
        return Stream.iterate(Optional.of(context), Optional::isPresent, c -> c.get().getParent())
                .flatMap(c -> AnnotationSupport.findAnnotation(c.get().getElement(), WithMockGitLab.class).stream())
                .findFirst();
    }

    /** Is closed by JUnit with the test, since JUnit 5.13. */
    private static final class Running implements AutoCloseable {
        private final MockGitLab mock;

        private Running(MockGitLab mock) {
            this.mock = mock;
        }

        @Override
        public void close() {
            mock.close();
        }
    }
}
