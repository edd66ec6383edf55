package uses;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The recipe of docs/image.md. It is only compiled, as it takes a container engine. */
final class ContainerRecipe {
    private ContainerRecipe() {}

    static String url() {
        // recipe
        GenericContainer<?> gitlab = new GenericContainer<>("registry.example.com/tools/statuschecks:0.1.0")
                .withExposedPorts(8929)
                .withEnv("STATUSCHECKS_CONTROL_TOKEN", "only-for-this-test")
                .waitingFor(Wait.forHttp("/-/readiness"));
        gitlab.start();
        String url = "http://" + gitlab.getHost() + ":" + gitlab.getMappedPort(8929);
        // end of the recipe
        return url;
    }
}
