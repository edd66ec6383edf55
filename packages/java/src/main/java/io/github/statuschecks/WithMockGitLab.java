package io.github.statuschecks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test method with a parameter of the type {@link MockGitLab} a mock of its own, which is also that of
 * {@code @BeforeEach} methods and of the constructor. A mock that a {@code @BeforeAll} method takes is that of the whole
 * class. What stands at a method goes before what stands at its class, and that before what stands at the class around it.
 */
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MockGitLabExtension.class)
public @interface WithMockGitLab {
    /** The GitLab release to behave as, such as 16.4; the newest that the mock is made for if empty. */
    String version() default "";

    /** The data at the start, as YAML or JSON; the examples of GitLab's documentation if empty. */
    String seed() default "";

    /** Further flags of statuschecks serve. */
    String[] flags() default {};
}
