package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import dev.undocker.testing.Guide;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The files of `deploy` and the examples of the guides are what their engines read: Kubernetes'
/// own types have a place for all that stands there.
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory())
                    .setAnnotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                /// The types would keep what they do not know.
                                @Override
                                public Boolean hasAnySetter(Annotated annotated) {
                                    return false;
                                }
                            });

    private static List<JsonNode> documents(String file) throws IOException {
        return YAML.readerFor(JsonNode.class)
                .<JsonNode>readValues(Files.readString(DEPLOY.resolve(file)))
                .readAll();
    }

    private static <T extends KubernetesResource> T read(JsonNode node, Class<T> type)
            throws IOException {
        return YAML.treeToValue(node, type);
    }

    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(
                        Collectors.toMap(
                                variable -> variable.getName(), variable -> variable.getValue()));
    }

    @Test
    void jobHasAnIndexForEachShard() throws Exception {
        Job job = read(documents("kubernetes/job.yaml").getFirst(), Job.class);
        Container container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(environment(container))
                .containsEntry("SHARDS", job.getSpec().getCompletions().toString());
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        for (JsonNode claim : documents("kubernetes/volumes.yaml")) {
            read(claim, PersistentVolumeClaim.class);
        }
    }

    /// Whatever the overlay says anew is the same but the place of the output.
    @Test
    void objectsAreMadeAsFilesAre() throws Exception {
        JsonNode job = documents("kubernetes/job.yaml").getFirst();
        JsonNode patch = documents("kubernetes/objects/job.yaml").getFirst();
        Container base = read(job.at("/spec/template/spec/containers/0"), Container.class);
        Container init = read(patch.at("/spec/template/spec/initContainers/0"), Container.class);
        assertThat(init.getEnv()).isEqualTo(base.getEnv());
        assertThat(init.getCommand()).isEqualTo(base.getCommand());
        assertThat(init.getVolumeMounts()).isEqualTo(base.getVolumeMounts());
        read(patch.at("/spec/template/spec/containers/1"), Container.class);
    }

    @Test
    void argoDoesWhatTheJobDoes() throws Exception {
        JsonNode spec = documents("argo/workflow.yaml").getFirst().at("/spec");
        JsonNode job = documents("kubernetes/job.yaml").getFirst().at("/spec/template/spec");
        Container container = read(spec.at("/templates/1/container"), Container.class);
        Container inJob = read(job.at("/containers/0"), Container.class);
        assertThat(container.getCommand()).isEqualTo(inJob.getCommand());
        assertThat(container.getResources()).isEqualTo(inJob.getResources());
        assertThat(container.getSecurityContext()).isEqualTo(inJob.getSecurityContext());
        assertThat(container.getVolumeMounts()).isEqualTo(inJob.getVolumeMounts());
        assertThat(read(spec.at("/securityContext"), PodSecurityContext.class))
                .isEqualTo(read(job.at("/securityContext"), PodSecurityContext.class));
        for (JsonNode volume : spec.at("/volumes")) {
            read(volume, Volume.class);
        }
        assertThat(spec.at("/volumes")).isEqualTo(job.at("/volumes"));
    }

    @Test
    void examplesAreYaml() throws Exception {
        for (Guide guide : Guide.all()) {
            for (Guide.Block block : guide.blocks()) {
                if (block.tag().equals("yaml")) {
                    assertThat(YAML.readTree(block.text()).isObject()).as(guide.name()).isTrue();
                }
            }
        }
    }
}
